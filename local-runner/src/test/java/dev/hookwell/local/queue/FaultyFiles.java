package dev.hookwell.local.queue;

import dev.hookwell.capture.Body;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.store.fs.FileBase;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/**
 * H2's way to real files, for those whose name begins with {@link #SCHEME}. Fails a write or a sync
 * on demand, and records all of them in their order. One test at a time uses it.
 */
public final class FaultyFiles extends FilePathWrapper {
  static final String SCHEME = "faulty:";

  private static final AtomicInteger failingWrites = new AtomicInteger();
  private static final AtomicInteger failingSyncs = new AtomicInteger();
  private static final List<Operation> operations = new CopyOnWriteArrayList<>();
  private static volatile int syncMillis;
  private static volatile boolean recording;

  static {
    FilePath.register(new FaultyFiles());
  }

  /** A change of a file. */
  sealed interface Operation {
    record Write(long position, Body bytes) implements Operation {}

    record Truncate(long length) implements Operation {}

    record Sync() implements Operation {}
  }

  /** The scheme, once H2 knows it; all faults are over. */
  public static String scheme() {
    heal();
    return SCHEME;
  }

  /** The next so many writes fail, each half done. */
  public static void failWrites(int times) {
    failingWrites.set(times);
  }

  /** The next so many syncs fail. */
  public static void failSyncs(int times) {
    failingSyncs.set(times);
  }

  /** From now on each sync takes so long. */
  public static void slowSyncs(int millis) {
    syncMillis = millis;
  }

  public static void heal() {
    failingWrites.set(0);
    failingSyncs.set(0);
    syncMillis = 0;
    recording = false;
    operations.clear();
  }

  static void record() {
    recording = true;
  }

  static List<Operation> operations() {
    return operations;
  }

  @Override
  public String getScheme() {
    return SCHEME.substring(0, SCHEME.length() - 1);
  }

  @Override
  public FileChannel open(String mode) throws IOException {
    return new FaultyFile(super.open(mode));
  }

  private static void log(Operation operation) {
    if (recording) {
      operations.add(operation);
    }
  }

  private static boolean fails(AtomicInteger left) {
    return left.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
  }

  private static final class FaultyFile extends FileBase {
    private final FileChannel file;

    private FaultyFile(FileChannel file) {
      this.file = file;
    }

    @Override
    public synchronized int write(ByteBuffer source, long position) throws IOException {
      byte[] bytes = new byte[source.remaining()];
      source.get(source.position(), bytes);
      if (fails(failingWrites)) {
        file.write(ByteBuffer.wrap(bytes, 0, bytes.length / 2), position);
        throw new IOException("No space left on device");
      }
      log(new Operation.Write(position, Body.copyOf(bytes)));
      return file.write(source, position);
    }

    @Override
    public void force(boolean metaData) throws IOException {
      if (fails(failingSyncs)) {
        throw new IOException("Input/output error");
      }
      try {
        TimeUnit.MILLISECONDS.sleep(syncMillis);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
      file.force(metaData);
      log(new Operation.Sync());
    }

    @Override
    public FileChannel truncate(long length) throws IOException {
      log(new Operation.Truncate(length));
      file.truncate(length);
      return this;
    }

    @Override
    public synchronized int read(ByteBuffer target, long position) throws IOException {
      return file.read(target, position);
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      return file.read(target);
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      int written = write(source, file.position());
      file.position(file.position() + written);
      return written;
    }

    @Override
    public long position() throws IOException {
      return file.position();
    }

    @Override
    public FileChannel position(long position) throws IOException {
      file.position(position);
      return this;
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
      return file.tryLock(position, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
      file.close();
    }
  }
}

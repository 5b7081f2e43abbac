package dev.hookwell.client.listen;

import dev.hookwell.client.Reasons;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A cursor on disk, locked while it is open.
 *
 * <p>The file has two slots of a line each, written in turn; the newer whole one counts. So a
 * process that is killed while it writes loses one step at most. Nothing is synced: a power cut may
 * take back the last seconds, whose captures are delivered once more.
 */
final class CursorFile implements AutoCloseable {
  /** A page of memory, so that a kill hardly ever tears it; 188 numbers of 18 digits fit. */
  private static final int SLOT = 4096;

  /** Beyond the content: where locks are mandatory, the file can still be read. */
  private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

  private static final Pattern LINE =
      Pattern.compile("hookwell-cursor 1 hook=([0-9a-f]{64}) (\\d{1,18}) (.*) sum=([0-9a-f]{8}) *");

  private final Path file;
  private final FileChannel channel;
  private final String hook;
  private long generation;

  private CursorFile(Path file, FileChannel channel, String hook, long generation) {
    this.file = file;
    this.channel = channel;
    this.hook = hook;
    this.generation = generation;
  }

  /** A file and the cursor that it held. */
  record Opened(CursorFile file, Optional<Cursor> cursor) {}

  private record Slot(String hook, long generation, Cursor cursor) {}

  /**
   * Opens a file, or makes it.
   *
   * @param hook the digest of the hook's id
   * @throws CursorFileException when it can't be used, is in use, or belongs to another hook
   */
  static Opened open(Path file, String hook) {
    FileChannel channel;
    try {
      channel = PrivateFiles.open(file);
    } catch (IOException | UnsupportedOperationException e) {
      throw unusable(file, e);
    }
    try {
      if (lock(channel) == null) {
        throw new CursorFileException(
            file + " is in use by another hookwell: end it, or give this one a file with --cursor");
      }
      Optional<Slot> slot = read(file, channel);
      if (slot.isPresent() && !slot.get().hook().equals(hook)) {
        throw new CursorFileException(
            file + " is the cursor of another hook: give this one a file of its own with --cursor");
      }
      return new Opened(
          new CursorFile(file, channel, hook, slot.map(Slot::generation).orElse(0L)),
          slot.map(Slot::cursor));
    } catch (IOException e) {
      close(channel);
      throw unusable(file, e);
    } catch (CursorFileException e) {
      close(channel);
      throw e;
    }
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock(LOCKED_BYTE, 1, false);
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private static Optional<Slot> read(Path file, FileChannel channel) throws IOException {
    if (channel.size() == 0) {
      return Optional.empty();
    }
    Optional<Slot> first = slot(channel, 0);
    Optional<Slot> second = slot(channel, 1);
    if (first.isEmpty() && second.isEmpty()) {
      throw new CursorFileException(
          file + " is no cursor of this version: move it away, and say where to begin with --from");
    }
    return first.isEmpty()
            || (second.isPresent() && second.get().generation() > first.get().generation())
        ? second
        : first;
  }

  private static Optional<Slot> slot(FileChannel channel, int number) throws IOException {
    ByteBuffer content = ByteBuffer.allocate(SLOT);
    long start = (long) number * SLOT;
    while (content.hasRemaining() && channel.read(content, start + content.position()) > 0) {
      // Until the slot or the file ends.
    }
    String text = new String(content.array(), 0, content.position(), StandardCharsets.US_ASCII);
    int end = text.indexOf('\n');
    Matcher line = LINE.matcher(end < 0 ? "" : text.substring(0, end));
    if (!line.matches()
        || !line.group(4).equals(sum(line.group(1), line.group(2), line.group(3)))) {
      return Optional.empty();
    }
    return Cursor.parse(line.group(3))
        .map(cursor -> new Slot(line.group(1), Long.parseLong(line.group(2)), cursor));
  }

  private static String sum(String hook, String generation, String cursor) {
    CRC32 sum = new CRC32();
    sum.update((hook + " " + generation + " " + cursor).getBytes(StandardCharsets.US_ASCII));
    return String.format("%08x", sum.getValue());
  }

  /**
   * Replaces the cursor.
   *
   * @throws CursorFileException when it can't be written
   */
  void write(Cursor cursor) {
    generation++;
    String number = String.valueOf(generation);
    String text = cursor.toText();
    String line =
        "hookwell-cursor 1 hook="
            + hook
            + " "
            + number
            + " "
            + text
            + " sum="
            + sum(hook, number, text);
    byte[] slot = new byte[SLOT];
    Arrays.fill(slot, (byte) ' ');
    slot[SLOT - 1] = '\n';
    byte[] content = line.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(content, 0, slot, 0, content.length);
    slot[content.length] = '\n';
    ByteBuffer whole = ByteBuffer.wrap(slot);
    long start = generation % 2 * SLOT;
    try {
      while (whole.hasRemaining()) {
        channel.write(whole, start + whole.position());
      }
    } catch (IOException e) {
      throw unusable(file, e);
    }
  }

  private static CursorFileException unusable(Path file, Exception failure) {
    String reason =
        failure instanceof NoSuchFileException
            ? "its folder can't be made"
            : failure instanceof IOException inFile
                ? Reasons.of(inFile)
                : String.valueOf(failure.getMessage());
    return new CursorFileException(
        "can't keep the cursor in " + file + " (" + reason + "): give another file with --cursor",
        failure);
  }

  private static void close(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing was written to it.
    }
  }

  @Override
  public void close() {
    close(channel);
  }
}

package dev.hookwell.local.backup;

import dev.hookwell.local.folder.DataFolder;
import dev.hookwell.local.folder.PrivateFiles;
import dev.hookwell.local.postgres.LocalDatabase;
import dev.hookwell.local.queue.Outbox;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a backup of a data folder, while it is in use or while it is not. The outbox is read
 * first, the database after it: a capture that leaves the outbox meanwhile is in the database.
 */
public final class BackupWriter {
  static final String KEYS = "keys";
  static final String WAITING = "waiting";
  static final String DEAD = "dead";
  static final String TABLES = "tables/";
  static final String BODIES = "bodies/";

  /** Bytes that are written between two checks of the disk's free space. */
  private static final long LOOK_BYTES = 8L * 1024 * 1024;

  private final Path root;
  private final Outbox outbox;
  private final Optional<LocalDatabase> database;
  private final List<BackupManifest.Entry> entries = new ArrayList<>();
  private final Set<Path> bodies = new HashSet<>();
  private int schema;

  /**
   * @param root the data folder
   * @param database the built-in one; empty when the operator's own is used
   */
  public BackupWriter(Path root, Outbox outbox, Optional<LocalDatabase> database) {
    this.root = root;
    this.outbox = outbox;
    this.database = database;
  }

  /**
   * How much a backup holds.
   *
   * @param captures in the database; empty when the backup does not hold that
   * @param waiting on their way there, dead letters included
   */
  record Made(Optional<Long> captures, long waiting, long bytes) {
    String words() {
      return captures.map("%,d captures stored, "::formatted).orElse("")
          + "%,d on their way, %,d bytes".formatted(waiting, bytes)
          + (captures.isPresent() ? "" : "; the rows are in your own database: back that up too");
    }
  }

  /**
   * Writes the whole file, or none of that name.
   *
   * @param file must not be there yet
   * @return what is in it, in words
   * @throws BackupException when it can't be written
   */
  public String write(Path file, Instant now) {
    try {
      return write(file, now, Files.getFileStore(file.resolveSibling("."))::getUsableSpace).words();
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  /** Gives the free bytes of the file's disk. */
  @FunctionalInterface
  interface FreeBytes {
    long count() throws IOException;
  }

  Made write(Path file, Instant now, FreeBytes free) {
    refuseIfThere(file);
    Path unfinished = file.resolveSibling(file.getFileName() + ".part");
    try {
      Files.deleteIfExists(unfinished);
      // Private, since it holds the keys.
      Files.createFile(unfinished, PrivateFiles.rights("rw-------"));
      // So that Ctrl-C leaves no part of it either.
      unfinished.toFile().deleteOnExit();
      try {
        try (OutputStream out = new Watched(Files.newOutputStream(unfinished), free);
            ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(out, 1 << 16))) {
          zip.setLevel(Deflater.BEST_SPEED);
          writeAll(zip, now);
        }
        PrivateFiles.sync(unfinished);
        refuseIfThere(file);
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        PrivateFiles.sync(file.toAbsolutePath().resolveSibling("."));
        return made(Files.size(file));
      } finally {
        Files.deleteIfExists(unfinished);
      }
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  private static void refuseIfThere(Path file) {
    if (Files.exists(file)) {
      throw new BackupException(file + " is there already: name another file");
    }
  }

  private static BackupException unwritable(Path file, IOException e) {
    return new BackupException(file + " cannot be written: " + reason(e), e);
  }

  /** The exceptions of files have the path alone for a message, or a reason. */
  private static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "there is no such folder";
    }
    if (e instanceof AccessDeniedException) {
      return "access is denied";
    }
    String reason = e instanceof FileSystemException of ? of.getReason() : e.getMessage();
    return reason == null ? e.getClass().getSimpleName() : reason;
  }

  private Made made(long bytes) {
    return new Made(
        database.isPresent() ? Optional.of(count(TABLES + "captures")) : Optional.empty(),
        count(WAITING) + count(DEAD),
        bytes);
  }

  private long count(String name) {
    return entries.stream()
        .filter(entry -> entry.name().equals(name))
        .mapToLong(BackupManifest.Entry::count)
        .sum();
  }

  private void writeAll(ZipOutputStream zip, Instant now) throws IOException {
    entry(zip, KEYS, List.of(), out -> copy(root.resolve(KEYS), out));
    // Bodies before the messages and rows that name them, and once more after, for those that came
    // meanwhile.
    writeBodies(zip);
    entry(zip, WAITING, List.of(), out -> outbox.read(false, line(out)));
    entry(zip, DEAD, List.of(), out -> outbox.read(true, line(out)));
    if (database.isPresent()) {
      writeTables(zip, database.get());
    }
    writeBodies(zip);
    zip.putNextEntry(new ZipEntry(BackupManifest.NAME));
    zip.write(new BackupManifest(now, schema, entries).toJson());
    zip.closeEntry();
  }

  /** Writes an entry's bytes; gives how many things they are. */
  private interface Content {
    long writeTo(OutputStream out) throws IOException;
  }

  private void entry(ZipOutputStream zip, String name, List<String> columns, Content content)
      throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    Counted counted = new Counted(zip);
    DigestOutputStream out = new DigestOutputStream(counted, sha256());
    long count = content.writeTo(out);
    zip.closeEntry();
    entries.add(
        new BackupManifest.Entry(
            name,
            counted.bytes,
            HexFormat.of().formatHex(out.getMessageDigest().digest()),
            count,
            columns));
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** A message is a line: its key in the outbox, and its envelope, which has no line feed. */
  private static Outbox.Reader line(OutputStream out) {
    return (key, envelope) -> {
      out.write(key.receipt().getBytes(StandardCharsets.US_ASCII));
      out.write(' ');
      out.write(envelope);
      out.write('\n');
    };
  }

  private void writeTables(ZipOutputStream zip, LocalDatabase from) throws IOException {
    try (BackupTables tables = BackupTables.read(from)) {
      schema = tables.schema();
      for (String table : tables.names()) {
        List<String> columns = tables.columns(table);
        entry(zip, TABLES + table, columns, out -> tables.copyOut(table, columns, out));
      }
    }
  }

  /** Large bodies, each in a file. One that was deleted meanwhile is needed no more. */
  private void writeBodies(ZipOutputStream zip) throws IOException {
    Path folder = root.resolve(BODIES);
    if (!Files.isDirectory(folder)) {
      return;
    }
    List<Path> files;
    try (Stream<Path> found = Files.walk(folder)) {
      files = found.filter(Files::isRegularFile).filter(bodies::add).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    for (Path body : files) {
      if (Files.exists(body)) {
        entry(zip, BODIES + folder.relativize(body), List.of(), out -> copy(body, out));
      }
    }
  }

  private static long copy(Path body, OutputStream out) throws IOException {
    try {
      Files.copy(body, out);
      return 1;
    } catch (NoSuchFileException _) {
      return 0;
    }
  }

  private static final class Counted extends FilterOutputStream {
    private long bytes;

    Counted(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      bytes++;
      out.write(b);
    }

    @Override
    public void write(byte[] from, int start, int length) throws IOException {
      bytes += length;
      out.write(from, start, length);
    }
  }

  /** Keeps the bytes free on the disk below which senders get 503. */
  private static final class Watched extends FilterOutputStream {
    private final FreeBytes free;
    private long left;

    Watched(OutputStream out, FreeBytes free) {
      super(out);
      this.free = free;
    }

    @Override
    public void write(byte[] from, int start, int length) throws IOException {
      if (left <= 0) {
        left = LOOK_BYTES;
        if (free.count() < DataFolder.RESERVE + LOOK_BYTES) {
          throw new IOException("less than 256 MB would be free on its disk");
        }
      }
      left -= length;
      out.write(from, start, length);
    }
  }
}

package dev.hookwell.local.queue;

import dev.hookwell.capture.Envelope;
import dev.hookwell.capture.EnvelopeReader;
import dev.hookwell.capture.EnvelopeReading;
import dev.hookwell.capture.HookUid;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.h2.mvstore.DataUtils;

/**
 * Reads a file of H2's store without the store: the commits that it holds, and the envelopes in
 * them, which lie there as they were written. So the envelopes left in a damaged file are not lost.
 */
final class OutboxRemains {
  private static final int BLOCK_BYTES = 4096;

  private static final String VERSION = "version:(?<version>[0-9a-f]{1,15})";

  /**
   * All characters that H2 writes into such a line. No envelope has only these up to the end of a
   * line.
   */
  private static final String REST = "[0-9A-Za-z:, ]";

  /** A commit begins at a block, with a line of text. */
  private static final Pattern FIRST =
      Pattern.compile(
          "chunk:(?<chunk>[0-9a-f]{1,8})(?:,%1$s*?)?,len:(?<length>[0-9a-f]{1,8}),%1$s*?,%2$s[, ]%1$s*"
              .formatted(REST, VERSION));

  /** And it ends with one, before the end of a block. */
  private static final Pattern LAST =
      Pattern.compile(
          "chunk:.*,len:(?<length>[0-9a-f]{1,8})," + VERSION + ",fletcher:[0-9a-f]+ *\n");

  /** The file's first two blocks name a commit that is about the newest. */
  private static final Pattern HEAD =
      Pattern.compile("H:2,%1$s*,%2$s,fletcher:%1$s*".formatted(REST, VERSION));

  /** The two positions of the head. */
  private static final List<Long> HEADS = List.of(0L, (long) BLOCK_BYTES);

  private static final int LONGEST_LINE = 1024;
  private static final int LAST_BYTES = 128;
  private static final String ENVELOPE = "{\"v\":1,\"id\":\"";
  private static final int UUID_LENGTH = 36;

  /** Bytes that are searched together; an envelope that begins in them may end behind them. */
  private static final int STEP = 4 * Envelope.MAX_BYTES;

  private OutboxRemains() {}

  /**
   * The bytes that one commit wrote.
   *
   * @param version grows with each commit
   * @param complete whether its end is there too
   */
  record Commit(long start, long length, long version, boolean complete) {}

  /** An envelope that was found whole. */
  record Found(UUID capture, HookUid hook, String text) {}

  /** All of a file, as if one commit had written it. */
  static List<Commit> whole(Path file) throws IOException {
    try (FileChannel in = FileChannel.open(file)) {
      return List.of(new Commit(0, in.size(), 0, false));
    }
  }

  /** The commits of which the beginning or the end is in the file, or which its head names. */
  static List<Commit> commits(Path file) throws IOException {
    List<Commit> commits = new ArrayList<>();
    try (FileChannel in = FileChannel.open(file)) {
      for (long block = 0; block < in.size(); block += BLOCK_BYTES) {
        String line = line(text(in, block, LONGEST_LINE));
        Matcher first = FIRST.matcher(line);
        Matcher head = HEAD.matcher(line);
        Matcher last = LAST.matcher(text(in, block + BLOCK_BYTES - LAST_BYTES, LAST_BYTES));
        if (first.matches()) {
          long length = length(first);
          Matcher end = LAST.matcher(text(in, block + length - LAST_BYTES, LAST_BYTES));
          commits.add(
              new Commit(
                  block, length, version(first), end.matches() && version(end) == version(first)));
        }
        if (head.matches()) {
          commits.add(new Commit(block, 0, version(head), false));
        }
        if (last.matches()) {
          long start = Math.max(0, block + BLOCK_BYTES - length(last));
          commits.add(new Commit(start, length(last), version(last), false));
        }
      }
    }
    return commits;
  }

  /**
   * Makes the file's head name the newest commit that is whole, in H2's own form.
   *
   * @return false when there is no such commit, or no head
   */
  static boolean nameNewest(Path file, List<Commit> commits) throws IOException {
    Optional<Commit> newest =
        commits.stream().filter(Commit::complete).max(Comparator.comparingLong(Commit::version));
    if (newest.isEmpty()) {
      return false;
    }
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      Optional<String> head =
          HEADS.stream()
              .map(block -> lineAt(channel, block))
              .filter(line -> HEAD.matcher(line).matches())
              .findFirst();
      Matcher commit = FIRST.matcher(lineAt(channel, newest.get().start()));
      if (head.isEmpty() || !commit.matches()) {
        return false;
      }
      ByteBuffer bytes = head(head.get(), newest.get(), commit.group("chunk"));
      for (long block : HEADS) {
        // Each is synced by itself, so that one head is whole at any time.
        channel.write(bytes.rewind(), block);
        channel.force(true);
      }
      return true;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static ByteBuffer head(String old, Commit commit, String chunk) {
    String head =
        old.replaceFirst(",fletcher:.*", "")
            .replaceFirst(",clean:1", "")
            .replaceFirst(
                "block:[0-9a-f]+", "block:" + Long.toHexString(commit.start() / BLOCK_BYTES))
            .replaceFirst("chunk:[0-9a-f]+", "chunk:" + chunk)
            .replaceFirst("version:[0-9a-f]+", "version:" + Long.toHexString(commit.version()));
    byte[] bytes = head.getBytes(StandardCharsets.ISO_8859_1);
    int checksum = DataUtils.getFletcher32(bytes, 0, bytes.length);
    String line = head + ",fletcher:" + Integer.toHexString(checksum) + "\n";
    return ByteBuffer.allocate(BLOCK_BYTES).put(line.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String lineAt(FileChannel in, long position) {
    try {
      return line(text(in, position, LONGEST_LINE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first line, if it has an end. */
  private static String line(String text) {
    return text.substring(0, Math.max(0, text.indexOf('\n')));
  }

  private static long length(Matcher line) {
    return Long.parseLong(line.group("length"), 16) * BLOCK_BYTES;
  }

  private static long version(Matcher line) {
    return Long.parseLong(line.group("version"), 16);
  }

  /**
   * Whether a store that was opened at a version misses a commit that the file holds, or once held.
   */
  static boolean isBehind(long version, List<Commit> commits) {
    // A kill breaks off one commit at most.
    return commits.stream()
        .anyMatch(commit ->
            commit.version() > version + 1 || (commit.complete() && commit.version() > version));
  }

  /** The id of the capture whose envelope the text is; empty for another text. */
  static Optional<UUID> capture(byte[] text) {
    int end = ENVELOPE.length() + UUID_LENGTH;
    String start = new String(text, 0, Math.min(end, text.length), StandardCharsets.US_ASCII);
    try {
      return start.startsWith(ENVELOPE) && start.length() == end
          ? Optional.of(UUID.fromString(start.substring(ENVELOPE.length())))
          : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** Gives each envelope that is whole to {@code found}, once. */
  static void envelopes(Path file, List<Commit> commits, Consumer<Found> found) throws IOException {
    Set<UUID> seen = new HashSet<>();
    try (FileChannel in = FileChannel.open(file)) {
      for (Commit commit : commits) {
        long end = Math.min(in.size(), commit.start() + commit.length());
        for (long at = commit.start(); at < end; at += STEP) {
          int length = (int) Math.min(STEP + Envelope.MAX_BYTES, end - at);
          read(text(in, at, length), seen, found);
        }
      }
    }
  }

  private static void read(String text, Set<UUID> seen, Consumer<Found> found) {
    for (int start = text.indexOf(ENVELOPE);
        start >= 0 && start < STEP;
        start = text.indexOf(ENVELOPE, start + 1)) {
      int end = end(text, start);
      String envelope = text.substring(start, end);
      if (OutboxValue.mayBeWhole(text, start, end)
          && EnvelopeReader.read(envelope) instanceof EnvelopeReading.Read read
          && seen.add(read.capture().id())) {
        found.accept(new Found(read.capture().id(), read.capture().hook().uid(), envelope));
      }
    }
  }

  /** The position behind the JSON object that starts there, or the one at which it breaks off. */
  private static int end(String text, int start) {
    int depth = 0;
    boolean quoted = false;
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~') {
        return i;
      }
      if (quoted && c == '\\') {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && c == '{') {
        depth++;
      } else if (!quoted && c == '}' && --depth == 0) {
        return i + 1;
      }
    }
    return text.length();
  }

  private static String text(FileChannel in, long position, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining() && in.read(buffer, position + buffer.position()) >= 0) {
      // Goes on until it is full, or the file ends.
    }
    return new String(buffer.array(), 0, buffer.position(), StandardCharsets.ISO_8859_1);
  }
}

package dev.hookwell.local.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** A file that holds one secret, in one line, which other users must not be able to read. */
final class SecretFile {
  /** Bytes. No secret is as long; a longer file was named by mistake. */
  private static final int LIMIT = 16_384;

  /**
   * The group may read it: a container that runs as another user than the file's owner needs that.
   */
  private static final Set<PosixFilePermission> OTHERS =
      Set.of(
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE,
          PosixFilePermission.OTHERS_EXECUTE);

  private SecretFile() {}

  /**
   * Reads it.
   *
   * @param option that named the file
   * @param content that it holds, as "a URL"
   * @throws IllegalArgumentException when it cannot be read, or others can read it too; the message
   *     is one line without the file's content
   */
  static String read(Path file, String option, String content) {
    String text;
    try (InputStream input = Files.newInputStream(file)) {
      // Refused, not only warned of: a warning comes when the runner has started, and is ignored.
      if (Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
        throw new IllegalArgumentException(
            "others on this machine can read or change the file of "
                + option
                + ": take that from them (chmod o= "
                + file
                + ")");
      }
      byte[] bytes = input.readNBytes(LIMIT + 1);
      text = bytes.length > LIMIT ? "" : new String(bytes, StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new IllegalArgumentException("the file of " + option + " cannot be read: " + file, e);
    }
    if (text.isEmpty() || text.lines().count() > 1) {
      throw new IllegalArgumentException(
          "the file of " + option + " does not hold " + content + " and nothing else: " + file);
    }
    return text;
  }
}

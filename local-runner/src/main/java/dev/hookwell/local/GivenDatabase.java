package dev.hookwell.local;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A database of the user's own instead of the built-in one. Its password comes by the environment
 * or a file: a command line is shown to everybody on the machine.
 *
 * @param url as {@code DATABASE_URL} has it
 * @param source the option or variable that gave it
 */
record GivenDatabase(String url, String source) {
  static final String OPTION = "--database-url";
  static final String FILE_OPTION = "--database-url-file";
  static final String VARIABLE = "HOOKWELL_DATABASE_URL";

  /** More than any URL; a file that holds more is another one. */
  private static final int FILE_LIMIT = 16_384;

  /** Not the group's: that is how a secret is handed to a container that is not its owner's. */
  private static final Set<PosixFilePermission> OTHERS =
      Set.of(
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE,
          PosixFilePermission.OTHERS_EXECUTE);

  /**
   * From the command line.
   *
   * @throws IllegalArgumentException when it holds a password; the message is one line without it
   */
  static GivenDatabase ofOption(String url) {
    if (hasPassword(url)) {
      throw new IllegalArgumentException(
          OPTION
              + " must not hold a password, which everybody on this machine could read: give the"
              + " URL by the variable "
              + VARIABLE
              + " or by "
              + FILE_OPTION);
    }
    return new GivenDatabase(url, OPTION);
  }

  /**
   * From a file that holds the URL and nothing else.
   *
   * @throws IllegalArgumentException when it cannot be read, or others can read it too
   */
  static GivenDatabase ofFile(Path file) {
    String text;
    try (InputStream input = Files.newInputStream(file)) {
      // Refused, not only warned of: who sees a warning has started already, and goes on.
      if (Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
        throw new IllegalArgumentException(
            "others on this machine can read or change the file of "
                + FILE_OPTION
                + ": take that from them (chmod o= "
                + file
                + ")");
      }
      byte[] bytes = input.readNBytes(FILE_LIMIT + 1);
      text = bytes.length > FILE_LIMIT ? "" : new String(bytes, StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "the file of " + FILE_OPTION + " cannot be read: " + file, e);
    }
    if (text.isEmpty() || text.lines().count() > 1) {
      throw new IllegalArgumentException(
          "the file of " + FILE_OPTION + " does not hold a URL and nothing else: " + file);
    }
    return new GivenDatabase(text, FILE_OPTION);
  }

  /** From the environment, by the one name that is ours: other programs have a DATABASE_URL too. */
  static Optional<GivenDatabase> ofEnvironment(Map<String, String> environment) {
    return Optional.ofNullable(environment.get(VARIABLE))
        .map(String::strip)
        .filter(url -> !url.isEmpty())
        .map(url -> new GivenDatabase(url, VARIABLE));
  }

  private static boolean hasPassword(String url) {
    int mark = url.indexOf('?');
    String place = (mark < 0 ? url : url.substring(0, mark)).replaceFirst("^[^:/@]*://", "");
    String query = mark < 0 ? "" : url.substring(mark);
    String login = place.contains("@") ? place.substring(0, place.lastIndexOf('@')) : "";
    int colon = login.indexOf(':');
    return (colon >= 0 && colon < login.length() - 1)
        || query.contains("@")
        || query.toLowerCase(Locale.ROOT).contains("password");
  }

  /** Without the URL, which may hold a password. */
  @Override
  public String toString() {
    return "GivenDatabase[" + source + "]";
  }
}

package dev.hookwell.local.command;

import java.nio.file.Path;
import java.util.Locale;

/**
 * A database of the user's own instead of the built-in one. Its password comes by the environment
 * or a file: a command line is shown to everybody on the machine.
 *
 * @param url as {@code DATABASE_URL} has it
 * @param source the option or variable that gave it
 */
public record GivenDatabase(String url, String source) {
  private static final String OPTION = RunnerOption.DATABASE_URL.flag();

  /**
   * From an option or its variable.
   *
   * @throws IllegalArgumentException when the command line holds a password; the message is one
   *     line without it
   */
  static GivenDatabase of(String url, String source) {
    if (source.equals(OPTION) && hasPassword(url)) {
      throw new IllegalArgumentException(
          OPTION
              + " must not hold a password, which everybody on this machine could read: give the"
              + " URL by the variable HOOKWELL_DATABASE_URL or by --database-url-file");
    }
    return new GivenDatabase(url, source);
  }

  /**
   * From a file that holds the URL and nothing else.
   *
   * @throws IllegalArgumentException when it cannot be read, or others can read it too
   */
  static GivenDatabase ofFile(Path file, String source) {
    return new GivenDatabase(SecretFile.read(file, source, "a URL"), source);
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

package dev.hookwell.client.command;

/** How a person names a capture: its number, its id, or {@code latest}. */
final class CaptureReference {
  private CaptureReference() {}

  /** As the API takes it. */
  static String check(String text) {
    String ref = text.startsWith("#") ? text.substring(1) : text;
    if (!ref.matches("latest|[1-9][0-9]{0,17}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")) {
      throw CommandException.usage(
          "no capture is named '" + text + "': give its number, its id, or latest");
    }
    return ref;
  }
}

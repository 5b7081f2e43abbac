package dev.hookwell.intake;

import dev.hookwell.capture.AddressFault;

/** The two addresses of a hook. */
public enum HookPath {
  /** {@code /h/}: the plain response, and handshakes; nothing is looked up. */
  PLAIN("/h/", "ingest"),
  /** {@code /s/}: the same, and the owner's script. */
  SCRIPTED("/s/", "respond");

  private final String prefix;
  private final String function;

  HookPath(String prefix, String function) {
    this.prefix = prefix;
    this.function = function;
  }

  /** The name of an event in the log. */
  String event(String what) {
    return function + "." + what;
  }

  /** The segment after the prefix; empty when the path is another. */
  String hookPart(String path) {
    if (!path.startsWith(prefix)) {
      return "";
    }
    int end = path.indexOf('/', prefix.length());
    return path.substring(prefix.length(), end < 0 ? path.length() : end);
  }

  /** What is wrong with a path that holds no genuine id. */
  static String fault(String path) {
    return AddressFault.onHookPath(path).detail(path);
  }
}

package dev.hookwell.capture;

import java.util.Arrays;
import java.util.Optional;

/** The two paths of a hook, each with the hook's id as its next segment. */
public enum HookPath {
  /** The plain response, and handshakes; nothing is looked up. */
  PLAIN("/h/", "ingest"),
  /** The same, and the owner's script. */
  SCRIPTED("/s/", "respond");

  private final String prefix;
  private final String function;

  HookPath(String prefix, String function) {
    this.prefix = prefix;
    this.function = function;
  }

  /** The hook path that {@code path} begins with; empty for any other path. */
  public static Optional<HookPath> of(String path) {
    return Arrays.stream(values()).filter(known -> path.startsWith(known.prefix)).findFirst();
  }

  /** The path of a hook by its id. */
  public String to(String hook) {
    return prefix + hook;
  }

  /** The segment after the prefix; empty for a path without this prefix. */
  public String hookPart(String path) {
    return path.startsWith(prefix) ? path.substring(prefix.length(), endOfHook(path)) : "";
  }

  /** The rest of such a path after the hook's id: empty, or it begins with a slash. */
  public String tail(String path) {
    return path.substring(endOfHook(path));
  }

  private int endOfHook(String path) {
    int end = path.indexOf('/', prefix.length());
    return end < 0 ? path.length() : end;
  }

  /** The name of the function behind it, as in the log. */
  public String function() {
    return function;
  }
}

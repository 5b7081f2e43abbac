package dev.hookwell.capture.script;

/** A script that is not one; the message is for its owner, and names the step. */
public final class ScriptException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ScriptException(String message) {
    super(message);
  }

  /** Of a step, by its number from 1. */
  static ScriptException ofStep(int number, String message) {
    return new ScriptException("Step " + number + ": " + message);
  }

  /** For its owner. */
  public String detail() {
    return String.valueOf(getMessage());
  }
}

package dev.hookwell.capture.script;

/** A script is invalid; the message is for its owner, and names the step. */
public final class ScriptException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ScriptException(String message) {
    super(message);
  }

  /** The fault of a step; steps are numbered from 1. */
  static ScriptException ofStep(int number, String message) {
    return new ScriptException("Step " + number + ": " + message);
  }

  /** The message for the owner. */
  public String detail() {
    return String.valueOf(getMessage());
  }
}

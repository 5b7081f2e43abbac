package dev.hookwell.capture.script;

/** What a script does with handshakes, which otherwise come before it. */
public enum HandshakeMode {
  /** They are passed by their shape. */
  ON,
  /** They are requests like any other. */
  OFF,
  /** The same as {@link #ON}, and {@code hub.challenge} goes back as Strava's JSON. */
  STRAVA
}

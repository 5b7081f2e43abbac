package dev.hookwell.capture.script;

/** How a hook with a script answers handshakes. */
public enum HandshakeMode {
  /** They are passed by their shape, before the script. */
  ON,
  /** They are requests like any other, and the script decides. */
  OFF,
  /** The same as {@link #ON}, and {@code hub.challenge} goes back as Strava's JSON. */
  STRAVA
}

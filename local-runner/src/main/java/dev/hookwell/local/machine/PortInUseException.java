package dev.hookwell.local.machine;

/** The port to listen on is taken. The message is one line for a person. */
public final class PortInUseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public PortInUseException(int port, String address, Throwable cause) {
    super("port " + port + " on " + address + " is in use", cause);
  }
}

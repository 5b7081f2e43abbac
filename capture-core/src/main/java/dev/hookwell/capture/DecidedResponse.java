package dev.hookwell.capture;

/**
 * The response that was decided for a request, where it is not the plain 200. It does not say
 * whether the response was delivered.
 */
public sealed interface DecidedResponse {
  /** The HTTP status. */
  int status();

  /**
   * The response to a sender's test of the URL.
   *
   * @param handshake the sender's name
   */
  record OfHandshake(int status, String handshake) implements DecidedResponse {}

  /**
   * The response of an owner's script.
   *
   * @param step its number in the script, from 1
   */
  record OfScript(int status, int step) implements DecidedResponse {}
}

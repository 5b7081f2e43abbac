package dev.hookwell.client;

/**
 * A hook that was just made.
 *
 * @param json the server's description of it, on one line
 */
public record NewHook(String url, String apiUrl, String viewKey, String ownerKey, String json) {
  /** Leaves the keys out. */
  @Override
  public String toString() {
    return "NewHook[url=" + url + "]";
  }
}

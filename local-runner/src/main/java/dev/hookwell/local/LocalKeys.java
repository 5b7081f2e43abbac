package dev.hookwell.local;

/**
 * The two rings of a data folder, as the environment variables {@code HOOK_KEYS} and {@code
 * READER_KEYS} hold them.
 */
public record LocalKeys(String hookKeys, String readerKeys) {
  /** Shows neither: they are secrets. */
  @Override
  public String toString() {
    return "LocalKeys[]";
  }
}

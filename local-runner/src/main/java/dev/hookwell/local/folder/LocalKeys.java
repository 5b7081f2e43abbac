package dev.hookwell.local.folder;

/**
 * The keys of a data folder, as the environment variables {@code HOOK_KEYS}, {@code READER_KEYS}
 * and {@code SEED_KEY} hold them.
 */
public record LocalKeys(String hookKeys, String readerKeys, String seedKey) {
  /** Shows none: they are secrets. */
  @Override
  public String toString() {
    return "LocalKeys[]";
  }
}

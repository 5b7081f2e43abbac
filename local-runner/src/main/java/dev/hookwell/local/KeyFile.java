package dev.hookwell.local;

import dev.hookwell.capture.HookKeys;
import dev.hookwell.capture.ReaderKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The file with the key rings: one {@code NAME=value} a line. Made once and then only read: with
 * other keys every URL of earlier runs would be a stranger's.
 */
final class KeyFile {
  private static final String HOOK_KEYS = "HOOK_KEYS";
  private static final String READER_KEYS = "READER_KEYS";
  private static final int KEY_BYTES = 32;

  private KeyFile() {}

  static LocalKeys readOrMake(Path file, RandomGenerator random) throws IOException {
    if (!Files.exists(file)) {
      make(file, random);
    }
    return read(file);
  }

  private static void make(Path file, RandomGenerator random) throws IOException {
    PrivateFiles.write(
        file, "%s=1:%s%n%s=1:%s%n".formatted(HOOK_KEYS, key(random), READER_KEYS, key(random)));
  }

  private static String key(RandomGenerator random) {
    byte[] bytes = new byte[KEY_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static LocalKeys read(Path file) throws IOException {
    Map<String, String> values = new HashMap<>();
    for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        values.put(line.substring(0, equals).strip(), line.substring(equals + 1).strip());
      }
    }
    LocalKeys keys =
        new LocalKeys(values.getOrDefault(HOOK_KEYS, ""), values.getOrDefault(READER_KEYS, ""));
    try {
      HookKeys.parse(keys.hookKeys());
      ReaderKeys.parse(keys.readerKeys());
    } catch (IllegalArgumentException e) {
      throw new DataFolderException(
          "the key file " + file + " does not hold the two key rings: " + e.getMessage(), e);
    }
    return keys;
  }
}

package dev.hookwell.local.folder;

import dev.hookwell.capture.HookKeys;
import dev.hookwell.capture.ReaderKeys;
import dev.hookwell.capture.SeedKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * The file with the keys: one {@code NAME=value} a line. Each is made once and then only read: with
 * other keys every URL of earlier runs would be refused.
 */
public final class KeyFile {
  private static final String HOOK_KEYS = "HOOK_KEYS";
  private static final String READER_KEYS = "READER_KEYS";
  private static final String SEED_KEY = "SEED_KEY";
  private static final int KEY_BYTES = 32;

  private KeyFile() {}

  public static LocalKeys readOrMake(Path file, RandomGenerator random) throws IOException {
    if (!Files.exists(file)) {
      PrivateFiles.write(
          file,
          "%s=1:%s%n%s=1:%s%n".formatted(HOOK_KEYS, newKey(random), READER_KEYS, newKey(random))
              + seedKey(random));
    }
    Map<String, String> values = read(file);
    check(file, values, HOOK_KEYS, HookKeys::parse);
    check(file, values, READER_KEYS, ReaderKeys::parse);
    if (!values.containsKey(SEED_KEY)) {
      // The folder was made before there was a seed key. The rest of the file stays as it is.
      String text = Files.readString(file);
      PrivateFiles.write(file, text + (text.endsWith("\n") ? "" : "\n") + seedKey(random));
      values = read(file);
    }
    check(file, values, SEED_KEY, SeedKey::parse);
    return new LocalKeys(
        value(values, HOOK_KEYS), value(values, READER_KEYS), value(values, SEED_KEY));
  }

  private static String seedKey(RandomGenerator random) {
    return "%s=%s%n".formatted(SEED_KEY, newKey(random));
  }

  /** A new key: 32 random bytes as base64url. */
  public static String newKey(RandomGenerator random) {
    byte[] bytes = new byte[KEY_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static Map<String, String> read(Path file) throws IOException {
    Map<String, String> values = new HashMap<>();
    for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        values.put(line.substring(0, equals).strip(), line.substring(equals + 1).strip());
      }
    }
    return values;
  }

  private static void check(
      Path file, Map<String, String> values, String name, Function<String, ?> parser) {
    try {
      var _ = parser.apply(value(values, name));
    } catch (IllegalArgumentException e) {
      throw new DataFolderException(
          "the key file " + file + " is damaged: " + name + ": " + e.getMessage(), e);
    }
  }

  private static String value(Map<String, String> values, String name) {
    return values.getOrDefault(name, "");
  }
}

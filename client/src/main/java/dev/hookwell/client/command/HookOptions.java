package dev.hookwell.client.command;

import dev.hookwell.client.HookApi;
import dev.hookwell.client.HookLink;
import dev.hookwell.client.Reasons;
import dev.hookwell.client.listen.PrivateFiles;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** The hook, and the key to it. */
final class HookOptions {
  static final String URL = "HOOKWELL_URL";
  static final String API = "HOOKWELL_API";
  static final String KEY = "HOOKWELL_KEY";
  static final String OWNER_KEY = "HOOKWELL_OWNER_KEY";

  /** A key file holds a line or four. */
  private static final long MOST_BYTES = 64 * 1024;

  /** As a file of settings has it, or as a shell of Unix or Windows sets it. */
  private static final Pattern SETTING =
      Pattern.compile("(?:export\\s+|set\\s+\"?|\\$env:)?HOOKWELL_", Pattern.CASE_INSENSITIVE);

  private static final Pattern ASSIGNMENT =
      Pattern.compile("(HOOKWELL_[A-Z_]+)\\s*=\\s*(?:\"([^\"]*)\"|'([^']*)'|([^\\s\"';]*))");

  @Option(
      names = "--hook",
      paramLabel = "URL",
      description =
          "The hook's URL or a share link. By default from the environment: HOOKWELL_API or"
              + " HOOKWELL_URL.")
  private Optional<String> hook = Optional.empty();

  @Option(
      names = "--hook-file",
      paramLabel = "FILE",
      description = "A file with the lines of 'hookwell new' or of the page, or with a share link.")
  private Optional<String> hookFile = Optional.empty();

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description = "A file with the key. By default from the environment: HOOKWELL_KEY.")
  private Optional<String> keyFile = Optional.empty();

  /** The hook's API. Connects to nothing yet. */
  HookApi api(Surroundings surroundings) {
    return api(surroundings, false);
  }

  /** The hook's API for a call that only the owner may make. Connects to nothing yet. */
  HookApi ownersApi(Surroundings surroundings) {
    return api(surroundings, true);
  }

  private HookApi api(Surroundings surroundings, boolean owner) {
    Map<String, String> file =
        hookFile.map(name -> readHookFile(name, surroundings)).orElse(Map.of());
    HookLink link = link(file, surroundings);
    String key = key(link, file, surroundings, owner);
    if (!HookLink.isKey(key)) {
      throw CommandException.usage("the key is none: a key has 43 letters, digits, - and _");
    }
    return new HookApi(link, key, Version.TEXT);
  }

  private HookLink link(Map<String, String> file, Surroundings surroundings) {
    String address =
        hook.or(() -> Optional.ofNullable(file.get(API)))
            .or(() -> Optional.ofNullable(file.get(URL)))
            .or(() -> hookFile.isPresent() ? Optional.empty() : surroundings.variable(API))
            .or(() -> hookFile.isPresent() ? Optional.empty() : surroundings.variable(URL))
            .orElseThrow(() ->
                CommandException.usage(
                    hookFile.isPresent()
                        ? hookFile.get()
                            + " names no hook: it takes a share link, or the lines of 'hookwell"
                            + " new'"
                        : "which hook? Set HOOKWELL_API or HOOKWELL_URL, or give --hook-file or"
                            + " --hook"));
    return HookLink.parse(address)
        .orElseThrow(() ->
            CommandException.usage(
                "no hook's address: "
                    + withoutKeys(address)
                    + ". It takes https://HOST/h/…, https://HOST/api/hooks/… or a share link"));
  }

  /** A share link that was cut short may hold a key, and terminals are recorded. */
  private static String withoutKeys(String address) {
    return address.replaceFirst("#.*", "#…");
  }

  /** The key that the call needs, or else the other one: the owner key reads as well. */
  private String key(
      HookLink link, Map<String, String> file, Surroundings surroundings, boolean owner) {
    return keyFile
        .map(name -> readSecret(name, surroundings).strip())
        .or(() -> owner ? ownerKey(link, file, surroundings) : viewKey(link, file, surroundings))
        .or(() -> owner ? viewKey(link, file, surroundings) : ownerKey(link, file, surroundings))
        .orElseThrow(() ->
            CommandException.usage(
                owner
                    ? "no key: set HOOKWELL_OWNER_KEY, or give --key-file FILE"
                    : "no key: set HOOKWELL_KEY, give --key-file FILE, or use a share link"));
  }

  private static Optional<String> viewKey(
      HookLink link, Map<String, String> file, Surroundings surroundings) {
    return link.key()
        .or(() -> Optional.ofNullable(file.get(KEY)))
        .or(() -> surroundings.variable(KEY).map(String::strip));
  }

  private static Optional<String> ownerKey(
      HookLink link, Map<String, String> file, Surroundings surroundings) {
    return link.ownerKey()
        .or(() -> Optional.ofNullable(file.get(OWNER_KEY)))
        .or(() -> surroundings.variable(OWNER_KEY).map(String::strip));
  }

  private static Map<String, String> readHookFile(String name, Surroundings surroundings) {
    Map<String, String> values = new HashMap<>();
    for (String line : readSecret(name, surroundings).lines().map(String::strip).toList()) {
      if (SETTING.matcher(line).lookingAt()) {
        Matcher assignment = ASSIGNMENT.matcher(line);
        while (assignment.find()) {
          values.put(
              assignment.group(1),
              Stream.of(2, 3, 4)
                  .map(assignment::group)
                  .filter(Objects::nonNull)
                  .findFirst()
                  .orElse(""));
        }
      } else if (line.startsWith("http")) {
        values.put(API, line);
      }
    }
    return values;
  }

  private static String readSecret(String name, Surroundings surroundings) {
    Path file = surroundings.file(name);
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw CommandException.usage(name + " is too long for a key");
      }
      if (PrivateFiles.isReadableByOthers(file)) {
        surroundings.note(
            "hookwell: others can read " + name + ", and the key in it: chmod 600 it");
      }
      return Files.readString(file);
    } catch (MalformedInputException e) {
      throw CommandException.usage(name + " holds no text");
    } catch (IOException e) {
      throw CommandException.usage("can't read " + name + ": " + Reasons.of(e));
    }
  }
}

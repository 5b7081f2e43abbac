package dev.hookwell.client.command;

import dev.hookwell.client.Failure;
import dev.hookwell.client.HookApi;
import dev.hookwell.client.HookLink;
import dev.hookwell.client.Json;
import dev.hookwell.client.NewHook;
import dev.hookwell.client.Reasons;
import dev.hookwell.client.listen.PrivateFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code hookwell new}. */
@Command(
    name = "new",
    mixinStandardHelpOptions = true,
    description = {
      "Makes a hook and prints its URL, its API's address and its view key, for a shell.",
      "Where the operator wants a key for that, it is read from HOOKWELL_CREATION_KEY."
    })
final class NewCommand implements Callable<Integer> {
  private static final String CREATION_KEY = "HOOKWELL_CREATION_KEY";

  /** Options, by the member of the API's JSON that each sets. */
  private static final Map<String, String> OPTIONS =
      Map.of("expiresIn", "--expires-in", "expiresAt", "--expires-at", "seed", "--seed-file");

  @Option(
      names = "--server",
      paramLabel = "URL",
      description =
          "Where; by default from the environment, HOOKWELL_SERVER, else http://127.0.0.1:8080.")
  private Optional<String> server = Optional.empty();

  @Option(names = "--expires-in", paramLabel = "TIME", description = "How long it lives: 30d.")
  private Optional<Duration> expiresIn = Optional.empty();

  @Option(
      names = "--seed-file",
      paramLabel = "FILE",
      description =
          "With a secret of 32 to 128 characters, and --expires-at: the same hook every time.")
  private Optional<String> seedFile = Optional.empty();

  @Option(
      names = "--expires-at",
      paramLabel = "TIME",
      description = "When it ends: 2027-01-31T12:00:00Z.")
  private Optional<Instant> expiresAt = Optional.empty();

  @Option(
      names = "--save",
      paramLabel = "FILE",
      description = "Into a new file that only you can read, instead of printing it.")
  private Optional<String> save = Optional.empty();

  @Option(
      names = "--owner",
      description = "With the owner key too, which 'hookwell respond' needs: HOOKWELL_OWNER_KEY.")
  private boolean owner;

  @Option(names = "--json", description = "All of it as JSON, the owner key too.")
  private boolean json;

  private final Surroundings surroundings;

  NewCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    String address =
        server
            .or(() -> surroundings.variable("HOOKWELL_SERVER"))
            .orElse("http://127.0.0.1:8080")
            .replaceFirst("/+$", "");
    URI where =
        HookLink.server(address)
            .filter(uri -> uri.getRawPath().isEmpty() && uri.getRawQuery() == null)
            .orElseThrow(
                () -> CommandException.usage(address + " is no address like https://HOST"));
    Optional<String> body = body();
    if (save.isEmpty()) {
      surroundings.data(text(create(where, body)));
      return ExitCode.OK.number;
    }
    NewHook hook = intoFile(save.get(), () -> create(where, body));
    surroundings.data(hook.url());
    return ExitCode.OK.number;
  }

  private NewHook create(URI where, Optional<String> body) {
    return HookApi.create(where, surroundings.variable(CREATION_KEY), body, Version.TEXT)
        .orElse(failure -> {
          throw refused(failure);
        });
  }

  /**
   * The server names a member of its JSON; the user gave an option, which the message names
   * instead.
   */
  private static CommandException refused(Failure failure) {
    for (Map.Entry<String, String> option : OPTIONS.entrySet()) {
      int member = failure.message().indexOf(option.getKey() + ": ");
      if (failure.kind() == Failure.Kind.REJECTED && member >= 0) {
        return CommandException.usage(
            option.getValue()
                + inShort(failure.message().substring(member + option.getKey().length())));
      }
    }
    return CommandException.of(failure);
  }

  /** Writes durations as the option takes them: {@code PT26280H} is 1095d. */
  private static String inShort(String message) {
    return Pattern.compile("\\bP[0-9DTHM.]*[DHMS]\\b")
        .matcher(message)
        .replaceAll(found -> Values.shortest(found.group()));
  }

  private String text(NewHook hook) {
    return json
        ? hook.json()
        : "HOOKWELL_URL=%s\nHOOKWELL_API=%s\nHOOKWELL_KEY=%s%s"
            .formatted(
                hook.url(),
                hook.apiUrl(),
                hook.viewKey(),
                owner ? "\nHOOKWELL_OWNER_KEY=" + hook.ownerKey() : "");
  }

  private Optional<String> body() {
    if (seedFile.isPresent() != expiresAt.isPresent()
        || (seedFile.isPresent() && expiresIn.isPresent())) {
      throw CommandException.usage("--seed-file takes --expires-at, and not --expires-in");
    }
    if (seedFile.isPresent()) {
      String seed = readSeed(seedFile.get());
      return Optional.of(
          Json.line(out -> {
            out.writeStartObject();
            out.writeStringField("seed", seed);
            out.writeStringField("expiresAt", expiresAt.orElseThrow().toString());
            out.writeEndObject();
          }));
    }
    return expiresIn.map(time -> "{\"expiresIn\":\"" + time + "\"}");
  }

  private String readSeed(String name) {
    try {
      return Files.readString(surroundings.file(name)).strip();
    } catch (IOException e) {
      throw CommandException.usage("can't read " + name + ": " + Reasons.of(e));
    }
  }

  private static boolean isEmpty(Path file) {
    try {
      return Files.size(file) == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Makes the file before the hook: a hook whose key is nowhere would be lost. */
  private NewHook intoFile(String name, Supplier<NewHook> creation) {
    Path file = surroundings.file(name);
    boolean written = false;
    try (OutputStream out = Channels.newOutputStream(PrivateFiles.create(file))) {
      try {
        NewHook hook = creation.get();
        out.write((text(hook) + "\n").getBytes(StandardCharsets.UTF_8));
        written = true;
        return hook;
      } finally {
        if (!written) {
          Files.deleteIfExists(file);
        }
      }
    } catch (FileAlreadyExistsException e) {
      if (Files.isRegularFile(file) && isEmpty(file)) {
        throw CommandException.usage(
            name + " is there already, and empty, as an interrupted call leaves it: remove it");
      }
      throw CommandException.usage(name + " is there already: it may hold another hook's key");
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.RUNTIME, "can't write " + name + ": " + Reasons.toWrite(e));
    }
  }
}

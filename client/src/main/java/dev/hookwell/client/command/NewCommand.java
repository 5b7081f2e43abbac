package dev.hookwell.client.command;

import dev.hookwell.client.HookApi;
import dev.hookwell.client.HookLink;
import dev.hookwell.client.Json;
import dev.hookwell.client.NewHook;
import dev.hookwell.client.listen.PrivateFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
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
    if (save.isPresent() && Files.exists(surroundings.file(save.get()))) {
      throw CommandException.usage(
          save.get() + " is there already: it may hold another hook's key");
    }
    NewHook hook =
        HookApi.create(where, surroundings.variable(CREATION_KEY), body, Version.TEXT)
            .orElse(failure -> {
              throw CommandException.of(failure);
            });
    String text =
        json
            ? hook.json()
            : "HOOKWELL_URL=%s\nHOOKWELL_API=%s\nHOOKWELL_KEY=%s%s"
                .formatted(
                    hook.url(),
                    hook.apiUrl(),
                    hook.viewKey(),
                    owner ? "\nHOOKWELL_OWNER_KEY=" + hook.ownerKey() : "");
    if (save.isPresent()) {
      write(save.get(), text);
      surroundings.data(hook.url());
    } else {
      surroundings.data(text);
    }
    return ExitCode.OK.number;
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

  private void write(String name, String text) {
    try (OutputStream out =
        Channels.newOutputStream(PrivateFiles.create(surroundings.file(name)))) {
      out.write((text + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new CommandException(ExitCode.RUNTIME, "can't write " + name + ": " + Reasons.of(e));
    }
  }
}

package dev.hookwell.client.command;

import dev.hookwell.client.Bytes;
import dev.hookwell.client.Failure;
import dev.hookwell.client.Hook;
import dev.hookwell.client.HookApi;
import dev.hookwell.client.delivery.DeliverySettings;
import dev.hookwell.client.delivery.Target;
import dev.hookwell.client.listen.CursorFileException;
import dev.hookwell.client.listen.ListenEnd;
import dev.hookwell.client.listen.ListenEvents;
import dev.hookwell.client.listen.Listener;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hookwell listen}. */
@Command(
    name = "listen",
    mixinStandardHelpOptions = true,
    description = {
      "Delivers every capture of a hook to a server on this machine, exactly as captured.",
      "It goes on where it was: what came meanwhile is delivered too. Without a PORT or URL it"
          + " prints the captures."
    })
final class ListenCommand extends HookCommand {
  private static final int MOST_CONCURRENT = 64;

  @Parameters(
      arity = "0..1",
      paramLabel = "PORT|URL",
      description = "Where to: 3000, localhost:3000/hooks, https://localhost:8443.")
  private Optional<Target> target = Optional.empty();

  @Mixin private final DeliveryOptions delivery = new DeliveryOptions();
  @Mixin private final SelectionOptions selection = new SelectionOptions();

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      defaultValue = "1",
      description = "Deliver up to N at once, out of order; 1 unless given: in order.")
  private int concurrency = 1;

  @Option(names = "--once", description = "End when all that was there is delivered.")
  private boolean once;

  @Option(names = "--count", paramLabel = "N", description = "End after N deliveries.")
  private Optional<Long> count = Optional.empty();

  @Option(names = "--print", description = "Show each capture whole.")
  private boolean print;

  @Option(names = "--json", description = "A JSON object a line.")
  private boolean json;

  @Option(
      names = "--cursor",
      paramLabel = "FILE",
      description = "Where it keeps how far it came, instead of in a folder of its own.")
  private Optional<String> cursor = Optional.empty();

  ListenCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  public Integer call() throws InterruptedException {
    if (concurrency < 1 || concurrency > MOST_CONCURRENT) {
      throw CommandException.usage("--concurrency is a number from 1 to " + MOST_CONCURRENT);
    }
    if (count.isPresent() && count.get() < 1) {
      throw CommandException.usage("--count is 1 or more");
    }
    if (target.isEmpty()) {
      delivery.requireNone();
    }
    Optional<DeliverySettings> to = target.map(one -> delivery.to(one, surroundings));
    Listener.Settings settings =
        new Listener.Settings(
            to,
            concurrency,
            selection.match(),
            selection.start(surroundings.clock()),
            once,
            count.map(OptionalLong::of).orElseGet(OptionalLong::empty));
    HookApi api = hook.api(surroundings);
    Hook described = ask(api::hook);
    Optional<String> targetName = to.map(settled -> settled.target().toString());
    boolean prints = print || to.isEmpty();
    ListenEvents events =
        json
            ? new JsonEvents(surroundings, described.url(), targetName, prints)
            : new TextEvents(surroundings, described.url(), targetName, prints);
    Listener listener =
        new Listener(api, described, settings, events, surroundings.clock(), surroundings.random());
    surroundings.onInterrupt().accept(listener::stop);
    try {
      return end(listener.run(cursorFile(api, targetName.orElse("print"))));
    } catch (CursorFileException e) {
      throw new CommandException(ExitCode.RUNTIME, String.valueOf(e.getMessage()));
    }
  }

  private static int end(ListenEnd end) {
    if (end instanceof ListenEnd.Refused refused) {
      Failure failure = refused.failure();
      throw CommandException.of(failure);
    }
    if (end instanceof ListenEnd.Broken broken) {
      throw new CommandException(ExitCode.RUNTIME, broken.message());
    }
    return ExitCode.OK.number;
  }

  /** One for each hook and target, so that two targets each get everything. */
  private Path cursorFile(HookApi api, String targetName) {
    String id = Bytes.sha256(api.link().id().getBytes(StandardCharsets.US_ASCII)).substring(0, 16);
    String readable = targetName.replaceFirst("^https?://", "").replaceAll("[^A-Za-z0-9]+", "-");
    String name = id + "-" + readable.substring(0, Math.min(60, readable.length())) + ".cursor";
    return cursor.map(surroundings::file).orElseGet(() -> surroundings.stateFolder().resolve(name));
  }
}

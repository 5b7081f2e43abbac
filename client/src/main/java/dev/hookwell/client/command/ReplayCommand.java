package dev.hookwell.client.command;

import dev.hookwell.client.Bytes;
import dev.hookwell.client.Capture;
import dev.hookwell.client.Hook;
import dev.hookwell.client.HookApi;
import dev.hookwell.client.HookLink;
import dev.hookwell.client.Json;
import dev.hookwell.client.delivery.Delivery;
import dev.hookwell.client.delivery.DeliveryRequest;
import dev.hookwell.client.delivery.DeliverySettings;
import dev.hookwell.client.delivery.SignatureAge;
import dev.hookwell.client.delivery.Target;
import dev.hookwell.client.delivery.TargetConnection;
import dev.hookwell.client.listen.Delivered;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hookwell replay}. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description = "Delivers captures once more. Ends with 1 when one of them got no response.")
final class ReplayCommand extends HookCommand {
  @Parameters(
      arity = "1..*",
      paramLabel = "CAPTURE",
      description = "Numbers or ids of captures, or latest, in the order of the deliveries.")
  private List<String> references = List.of();

  @Option(names = "--to", required = true, paramLabel = "PORT|URL", description = "Where to.")
  private Target target = Target.parse("80");

  @Mixin private final DeliveryOptions delivery = new DeliveryOptions();

  @Option(names = "--json", description = "A JSON object a line.")
  private boolean json;

  ReplayCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  public Integer call() throws InterruptedException {
    List<String> refs = references.stream().map(CaptureReference::check).toList();
    DeliverySettings to = delivery.to(target, surroundings);
    HookApi api = hook.api(surroundings);
    Hook described = ask(api::hook);
    HookLink link = HookLink.parse(described.url()).orElse(api.link());
    boolean allResponded = true;
    ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    try (TargetConnection connection =
        new TargetConnection(to.target(), to.trust(), to.timeout(), surroundings.clock(), timer)) {
      for (String ref : refs) {
        Capture capture = ask(() -> api.capture(ref));
        if (capture.isBodyTooLarge()) {
          surroundings.note(
              "hookwell: #" + capture.seq() + " was over the limit: its body was not kept");
          allResponded = false;
          continue;
        }
        Bytes body = ask(() -> api.body(capture));
        Delivered delivered = deliver(capture, body, link, to, connection);
        print(delivered);
        allResponded &= delivered.outcome() instanceof Delivery.Responded;
      }
    } finally {
      timer.shutdownNow();
    }
    return (allResponded ? ExitCode.OK : ExitCode.RUNTIME).number;
  }

  private Delivered deliver(
      Capture capture,
      Bytes body,
      HookLink link,
      DeliverySettings to,
      TargetConnection connection) {
    DeliveryRequest request;
    try {
      request = DeliveryRequest.of(capture, body, link, to.target(), to.headers());
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCode.RUNTIME, "#" + capture.seq() + ": " + e.getMessage());
    }
    Instant start = surroundings.clock().instant();
    Delivery outcome = connection.send(request);
    Instant end = surroundings.clock().instant();
    List<String> warnings = new ArrayList<>(request.warnings());
    SignatureAge.warning(capture, start).ifPresent(warnings::add);
    return new Delivered(
        capture,
        end,
        to.target().origin() + request.target(),
        outcome,
        Duration.between(start, end),
        1,
        warnings);
  }

  private void print(Delivered delivered) {
    surroundings.data(
        json
            ? Json.line(out -> {
              out.writeStartObject();
              JsonEvents.members(out, delivered);
              out.writeEndObject();
            })
            : new Remarks(surroundings.colour(), surroundings.zone()).of(delivered));
  }
}

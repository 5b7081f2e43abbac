package dev.hookwell.client.command;

import dev.hookwell.client.ApiResult;
import dev.hookwell.client.Bytes;
import dev.hookwell.client.Capture;
import dev.hookwell.client.Failure;
import dev.hookwell.client.HookApi;
import dev.hookwell.client.HookLink;
import dev.hookwell.client.Json;
import dev.hookwell.client.Match;
import dev.hookwell.client.delivery.Delivery;
import dev.hookwell.client.delivery.DeliveryRequest;
import dev.hookwell.client.delivery.DeliverySettings;
import dev.hookwell.client.delivery.SignatureAge;
import dev.hookwell.client.delivery.Target;
import dev.hookwell.client.delivery.TargetConnection;
import dev.hookwell.client.listen.Delivered;
import dev.hookwell.client.listen.StartingPoint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hookwell replay}. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description = {
      "Delivers captures once more.",
      "Ends with 1 when one of them got no response or is not there any more."
    })
final class ReplayCommand extends HookCommand {
  @Parameters(
      arity = "0..*",
      paramLabel = "CAPTURE",
      description =
          "Numbers, spans of them as 17-20, ids, or latest, in the order of the deliveries."
              + " Without any: all that --match, --from or --since select.")
  private List<String> references = List.of();

  @Option(names = "--to", required = true, paramLabel = "PORT|URL", description = "Where to.")
  private Target target = Target.parse("80");

  @Mixin private final DeliveryOptions delivery = new DeliveryOptions();
  @Mixin private final SelectionOptions selection = new SelectionOptions();

  @Option(names = "--json", description = "A JSON object a line.")
  private boolean json;

  ReplayCommand(Surroundings surroundings) {
    super(surroundings);
  }

  private boolean allResponded = true;

  @Override
  public Integer call() throws InterruptedException {
    List<Span> spans = references.stream().map(Span::parse).toList();
    if (spans.isEmpty() != selection.isGiven()) {
      throw CommandException.usage(
          "which captures? Give numbers as 17 or 17-20, or --match, --from or --since");
    }
    StartingPoint start = selection.start(surroundings.clock());
    DeliverySettings to = delivery.to(target, surroundings);
    HookApi api = hook.api(surroundings);
    HookLink link = HookLink.parse(ask(api::hook).url()).orElse(api.link());
    ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    try (TargetConnection connection =
        new TargetConnection(to.target(), to.trust(), to.timeout(), surroundings.clock(), timer)) {
      Selection.Taker replay =
          capture -> {
            replay(capture, api, link, to, connection);
            return true;
          };
      if (spans.isEmpty()) {
        new Selection(this, api, start, selection.match()).readAll(replay);
      }
      for (Span span : spans) {
        if (span.last().isPresent()) {
          replay(span, api, replay);
        } else {
          replay.take(ask(() -> api.capture(span.reference())));
        }
      }
    } finally {
      timer.shutdownNow();
    }
    return (allResponded ? ExitCode.OK : ExitCode.RUNTIME).number;
  }

  /** Numbers are given without holes: a capture that is not listed is gone, or has not come yet. */
  private void replay(Span span, HookApi api, Selection.Taker replay) throws InterruptedException {
    long first = span.first();
    long last = span.last().getAsLong();
    long[] expected = {first};
    StartingPoint there = new StartingPoint(OptionalLong.of(first), Optional.empty());
    new Selection(this, api, there, Match.ALL)
        .readAll(capture -> {
          if (capture.seq() > last) {
            return false;
          }
          missing(expected[0], capture.seq() - 1);
          expected[0] = capture.seq() + 1;
          replay.take(capture);
          return capture.seq() < last;
        });
    missing(expected[0], last);
  }

  private void missing(long first, long last) {
    if (first <= last) {
      surroundings.note(
          "hookwell: #" + first + (first < last ? " to #" + last + " are" : " is") + " not there");
      allResponded = false;
    }
  }

  private void replay(
      Capture capture, HookApi api, HookLink link, DeliverySettings to, TargetConnection connection)
      throws InterruptedException {
    if (capture.isBodyTooLarge()) {
      skipped(capture, "it was over the limit, and its body was not kept");
      return;
    }
    Optional<Bytes> body = ask(() -> orSkipped(capture, api.body(capture)));
    if (body.isEmpty()) {
      return;
    }
    DeliveryRequest request;
    try {
      request = DeliveryRequest.of(capture, body.get(), link, to.target(), to.headers());
    } catch (IllegalArgumentException e) {
      skipped(capture, String.valueOf(e.getMessage()));
      return;
    }
    Delivered delivered = deliver(capture, request, to, connection);
    print(delivered);
    allResponded &= delivered.outcome() instanceof Delivery.Responded;
  }

  /**
   * An empty result for a body that can't be had, so that the captures behind it are still
   * delivered.
   */
  private ApiResult<Optional<Bytes>> orSkipped(Capture capture, ApiResult<Bytes> result) {
    return result.fold(
        body -> new ApiResult.Got<>(Optional.of(body)),
        failure -> {
          if (failure.kind() != Failure.Kind.MISSING && failure.kind() != Failure.Kind.DAMAGED) {
            return new ApiResult.Failed<>(failure);
          }
          skipped(capture, failure.message());
          return new ApiResult.Got<>(Optional.empty());
        });
  }

  private void skipped(Capture capture, String why) {
    surroundings.note("hookwell: #" + capture.seq() + " is left out: " + why);
    allResponded = false;
  }

  private Delivered deliver(
      Capture capture, DeliveryRequest request, DeliverySettings to, TargetConnection connection) {
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

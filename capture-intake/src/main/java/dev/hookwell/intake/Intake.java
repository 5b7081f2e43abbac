package dev.hookwell.intake;

import dev.hookwell.capture.AddressFault;
import dev.hookwell.capture.BadEventException;
import dev.hookwell.capture.BodyStore;
import dev.hookwell.capture.Capture;
import dev.hookwell.capture.CaptureIds;
import dev.hookwell.capture.CapturedBody;
import dev.hookwell.capture.CrossOrigin;
import dev.hookwell.capture.Envelope;
import dev.hookwell.capture.EnvelopeWriter;
import dev.hookwell.capture.EventLog;
import dev.hookwell.capture.GatewayEvent;
import dev.hookwell.capture.GatewayRequest;
import dev.hookwell.capture.GatewayResponse;
import dev.hookwell.capture.HookCheck;
import dev.hookwell.capture.HookId;
import dev.hookwell.capture.HookPath;
import dev.hookwell.capture.ObjectKey;
import dev.hookwell.capture.Origin;
import dev.hookwell.capture.Problem;
import dev.hookwell.capture.ProblemType;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Records any request to a hook, and responds only after the queue has the capture. A {@link
 * Responder} decides the response. Thread-safe if its parts are.
 */
public final class Intake {
  private final HookPath hookPath;
  private final IntakeSettings settings;
  private final CaptureQueue queue;
  private final Optional<BodyStore> bodies;
  private final Clock clock;
  private final EventLog log;
  private final Recorder recorder;
  private final Responder responder;

  /**
   * @param bodies the store of bodies that are too large for a message; without it they are left
   *     out
   */
  public Intake(
      HookPath hookPath,
      IntakeSettings settings,
      CaptureQueue queue,
      Optional<BodyStore> bodies,
      CaptureIds ids,
      Clock clock,
      EventLog log,
      Responder responder) {
    this.hookPath = hookPath;
    this.settings = settings;
    this.queue = queue;
    this.bodies = bodies;
    this.clock = clock;
    this.log = log;
    this.recorder = new Recorder(ids);
    this.responder = responder;
  }

  /** The response to a request. An event that is not a request gets one, too. */
  public DelayedResponse respond(InputStream in) {
    GatewayRequest request;
    try {
      request = GatewayEvent.read(in);
    } catch (BadEventException e) {
      log.error(event("bad-event"), Map.of("status", 400), e);
      return DelayedResponse.atOnce(
          Problem.of(ProblemType.BAD_EVENT, "This is not a request that a hook can record.")
              .response());
    }
    DelayedResponse response = recovered(request).with(CrossOrigin.headers(request));
    return request.method().equals("HEAD") ? response.withoutBody() : response;
  }

  private DelayedResponse recovered(GatewayRequest request) {
    try {
      return respond(request);
    } catch (Exception e) {
      log.error(event("failed"), Map.of("status", 500), e);
      return DelayedResponse.atOnce(
          Problem.of(ProblemType.INTERNAL_ERROR, "The request was not kept; send it again.")
              .response());
    }
  }

  private DelayedResponse respond(GatewayRequest request) {
    Origin origin = settings.originSecrets().check(request);
    if (origin == Origin.REFUSED) {
      return refuse(request, Problem.of(ProblemType.ORIGIN_REFUSED, ""));
    }
    String path = Recorder.path(request, origin);
    return switch (settings.hookKeys().check(hookPath.hookPart(path), clock.instant())) {
      case HookCheck.Unknown unknown ->
          refuse(
              request,
              Problem.of(ProblemType.HOOK_NOT_FOUND, AddressFault.onHookPath(path).detail(path)));
      case HookCheck.Expired expired ->
          refuse(
              request, Problem.of(ProblemType.HOOK_EXPIRED, "Its time is over. Nothing was kept."));
      case HookCheck.Valid valid when settings.blockedHooks().contains(valid.id().uid()) ->
          refuse(request, Problem.of(ProblemType.HOOK_BLOCKED, "Nothing was kept."));
      case HookCheck.Valid valid -> keep(valid.id(), request, origin);
    };
  }

  private DelayedResponse keep(HookId hook, GatewayRequest request, Origin origin) {
    long start = clock.millis();
    Capture plain = recorder.record(hook, request, origin);
    Envelope envelope = write(plain);
    if (!envelope.fits()) {
      return refuse(
          request,
          Problem.of(
              ProblemType.HEAD_TOO_LARGE, "Send fewer or shorter headers. Nothing was kept."));
    }
    Sent sent = putApart(plain, envelope);
    Decision decision = Decision.Plain.USUAL;
    // A request whose body is not kept gets 413 or 503 instead of any other response.
    if (envelope.keepsBody() && sent instanceof Sent.Kept) {
      decision = responder.decide(received(hook, request, plain));
      envelope = telling(decision, plain, envelope);
    }
    if (sent instanceof Sent.Kept) {
      // The object stays even if this fails: the queue may have the message all the same.
      sent = queue.send(envelope);
    }
    Map<String, Object> facts =
        Map.of(
            "requestId", request.requestId(),
            "captureId", plain.id(),
            "hook", hook.logHash(),
            "bodySize", plain.body().size(),
            "bodyApart", envelope.hasBodyApart(),
            "envelopeSize", envelope.text().length(),
            "millis", clock.millis() - start);
    return switch (sent) {
      case Sent.Kept kept -> {
        // A sample is enough, since the queue counts the messages.
        if (settings.logs(plain.id())) {
          log.info(event("kept"), facts);
        }
        yield envelope.keepsBody()
            ? accepted(plain, decision)
            : DelayedResponse.atOnce(tooLarge(plain));
      }
      case Sent.NotKept notKept -> {
        log.warn(event("not-kept"), with(facts, "cause", notKept.cause()));
        yield DelayedResponse.atOnce(
            Problem.of(
                    ProblemType.QUEUE_UNAVAILABLE,
                    "The request could not be kept. Send it again later.")
                .response()
                .with(Map.of("retry-after", "5")));
      }
    };
  }

  private Envelope write(Capture capture) {
    return bodies.isPresent()
        ? EnvelopeWriter.writeWithBodyApart(capture)
        : EnvelopeWriter.write(capture);
  }

  /** Puts the body as an object if the envelope says that it is one; most bodies are not. */
  private Sent putApart(Capture plain, Envelope envelope) {
    if (!envelope.hasBodyApart()) {
      return new Sent.Kept();
    }
    BodyStore.Put put =
        bodies.orElseThrow().put(ObjectKey.of(plain), plain.body().data(), plain.body().sha256());
    return switch (put) {
      case BodyStore.Put.Kept _ -> new Sent.Kept();
      case BodyStore.Put.NotKept(String cause) -> new Sent.NotKept("body-" + cause);
    };
  }

  private Received received(HookId hook, GatewayRequest request, Capture capture) {
    Optional<Handshake> handshake =
        settings.handshakes() ? Handshakes.find(request, capture.body().data()) : Optional.empty();
    return new Received(hook, request.method(), capture.id(), handshake);
  }

  /** The envelope with the decision added, unless its body would then have to be kept otherwise. */
  private Envelope telling(Decision decision, Capture plain, Envelope envelope) {
    if (decision.told().isEmpty() && decision.notes().isEmpty()) {
      return envelope;
    }
    Envelope telling = write(plain.with(decision.told(), decision.notes()));
    return telling.keepsBody() && telling.hasBodyApart() == envelope.hasBodyApart()
        ? telling
        : envelope;
  }

  private static DelayedResponse accepted(Capture capture, Decision decision) {
    return switch (decision) {
      case Decision.Plain(var _) ->
          DelayedResponse.atOnce(
              naming(
                  capture,
                  GatewayResponse.text(
                      200, GatewayResponse.APPLICATION_JSON, "{\"id\":\"" + capture.id() + "\"}")));
      case Decision.OfHandshake(Handshake handshake, var _) ->
          DelayedResponse.atOnce(
              handshake.isShort() ? handshake.response() : naming(capture, handshake.response()));
      case Decision.OfScript(GatewayResponse response, int _, Duration delay, var _) ->
          new DelayedResponse(naming(capture, response), delay);
    };
  }

  private static GatewayResponse naming(Capture capture, GatewayResponse response) {
    return response.with(Map.of(CrossOrigin.CAPTURE_HEADER, capture.id().toString()));
  }

  private static GatewayResponse tooLarge(Capture capture) {
    boolean tooLong = capture.body().size() > CapturedBody.MAX_BYTES;
    return naming(
        capture,
        Problem.of(
                ProblemType.BODY_TOO_LARGE,
                tooLong
                    ? "The request was recorded without its body, which is over 4 MiB."
                    : "The request was recorded without its body, which makes a message of over 1"
                        + " MiB, compressed and in base64.")
            .with("limit", tooLong ? CapturedBody.MAX_BYTES : Envelope.MAX_BYTES)
            .with("size", capture.body().size())
            .with("id", capture.id())
            .response());
  }

  private DelayedResponse refuse(GatewayRequest request, Problem problem) {
    log.info(
        event("refused"),
        Map.of(
            "requestId", request.requestId(),
            "status", problem.type().status(),
            "cause", problem.type().slug()));
    return DelayedResponse.atOnce(problem.response());
  }

  /** The name of an event in the log. */
  private String event(String outcome) {
    return hookPath.function() + "." + outcome;
  }

  private static Map<String, Object> with(Map<String, Object> facts, String name, Object value) {
    Map<String, Object> more = new HashMap<>(facts);
    more.put(name, value);
    return more;
  }
}

package dev.hookwell.ingest;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.hookwell.capture.AddressFault;
import dev.hookwell.capture.BadEventException;
import dev.hookwell.capture.Capture;
import dev.hookwell.capture.CaptureIds;
import dev.hookwell.capture.CapturedBody;
import dev.hookwell.capture.CrossOrigin;
import dev.hookwell.capture.Envelope;
import dev.hookwell.capture.EnvelopeWriter;
import dev.hookwell.capture.Environment;
import dev.hookwell.capture.EventLog;
import dev.hookwell.capture.GatewayEvent;
import dev.hookwell.capture.GatewayRequest;
import dev.hookwell.capture.GatewayResponse;
import dev.hookwell.capture.HookCheck;
import dev.hookwell.capture.HookId;
import dev.hookwell.capture.Origin;
import dev.hookwell.capture.Problem;
import dev.hookwell.capture.ProblemType;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The hook path: records any request to {@code /h/{hookId}} and answers 200 only after the queue
 * has it. Looks nothing up. Thread-safe.
 */
public final class IngestHandler implements RequestStreamHandler {
  private static final String HOOK_PREFIX = "/h/";

  /** Lambda hands an instance one request at a time. */
  private static final int CONNECTIONS = 1;

  private final IngestSettings settings;
  private final CaptureQueue queue;
  private final Clock clock;
  private final EventLog log;
  private final Recorder recorder;

  /** For Lambda: everything from the environment. */
  public IngestHandler() {
    this(new Environment(System.getenv()));
  }

  private IngestHandler(Environment environment) {
    this(IngestSettings.from(environment), environment.required("QUEUE_URL"));
  }

  private IngestHandler(IngestSettings settings, String queueUrl) {
    this(
        settings,
        queueUrl,
        new PrimedHttpClient(SqsCaptureQueue.httpClientBuilder(CONNECTIONS).build()));
  }

  private IngestHandler(IngestSettings settings, String queueUrl, PrimedHttpClient http) {
    this(
        settings,
        new SqsCaptureQueue(
            SqsCaptureQueue.clientBuilder(CONNECTIONS).httpClientBuilder(_ -> http).build(),
            queueUrl),
        new CaptureIds(Clock.systemUTC(), new SecureRandom()),
        Clock.systemUTC(),
        new EventLog(System.out::println, Clock.systemUTC()));
    Priming.run(settings, queue, http, log);
  }

  public IngestHandler(
      IngestSettings settings, CaptureQueue queue, CaptureIds ids, Clock clock, EventLog log) {
    this.settings = settings;
    this.queue = queue;
    this.clock = clock;
    this.log = log;
    this.recorder = new Recorder(ids);
  }

  @Override
  public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
    answer(in).writeTo(out);
  }

  GatewayResponse answer(InputStream in) {
    GatewayRequest request;
    try {
      request = GatewayEvent.read(in);
    } catch (BadEventException e) {
      log.error("ingest.bad-event", Map.of("status", 400), e);
      return Problem.of(ProblemType.BAD_EVENT, "This is not a request that a hook can record.")
          .response();
    }
    GatewayResponse response = recovered(request).with(CrossOrigin.headers(request));
    return request.method().equals("HEAD") ? response.withoutBody() : response;
  }

  private GatewayResponse recovered(GatewayRequest request) {
    try {
      return answer(request);
    } catch (Exception e) {
      log.error("ingest.failed", Map.of("status", 500), e);
      return Problem.of(ProblemType.INTERNAL_ERROR, "The request was not kept; send it again.")
          .response();
    }
  }

  private GatewayResponse answer(GatewayRequest request) {
    Origin origin = settings.originSecrets().check(request);
    if (origin == Origin.REFUSED) {
      return refuse(request, Problem.of(ProblemType.ORIGIN_REFUSED, ""));
    }
    String path = Recorder.path(request, origin);
    return switch (settings.hookKeys().check(hookPart(path), clock.instant())) {
      case HookCheck.Unknown unknown ->
          refuse(
              request,
              Problem.of(ProblemType.HOOK_NOT_FOUND, AddressFault.onHookPath(path).detail()));
      case HookCheck.Expired expired ->
          refuse(
              request, Problem.of(ProblemType.HOOK_EXPIRED, "Its time is over. Nothing was kept."));
      case HookCheck.Valid valid when settings.blockedHooks().contains(valid.id().random()) ->
          refuse(request, Problem.of(ProblemType.HOOK_BLOCKED, "Nothing was kept."));
      case HookCheck.Valid valid -> keep(valid.id(), request, origin);
    };
  }

  /** The segment after {@code /h/}; empty when the path is another. */
  private static String hookPart(String path) {
    if (!path.startsWith(HOOK_PREFIX)) {
      return "";
    }
    int end = path.indexOf('/', HOOK_PREFIX.length());
    return path.substring(HOOK_PREFIX.length(), end < 0 ? path.length() : end);
  }

  private GatewayResponse keep(HookId hook, GatewayRequest request, Origin origin) {
    long start = clock.millis();
    Capture plain = recorder.record(hook, request, origin);
    Optional<Handshake> handshake =
        settings.handshakes() ? Handshakes.find(request, plain.body().data()) : Optional.empty();
    Capture capture = plain.with(handshake.map(Handshake::decided));
    Envelope written = EnvelopeWriter.write(capture);
    // A body that is not kept is answered 413, before any other response.
    Envelope envelope =
        handshake.isEmpty() || written.keepsBody() ? written : EnvelopeWriter.write(plain);
    if (!envelope.fits()) {
      return refuse(
          request,
          Problem.of(
              ProblemType.HEAD_TOO_LARGE, "Send fewer or shorter headers. Nothing was kept."));
    }
    Sent sent = queue.send(envelope);
    Map<String, Object> facts =
        Map.of(
            "requestId", request.requestId(),
            "captureId", capture.id(),
            "hook", hook.logHash(),
            "bodySize", capture.body().size(),
            "envelopeSize", envelope.text().length(),
            "millis", clock.millis() - start);
    return switch (sent) {
      case Sent.Kept kept -> {
        log.measure("ingest.kept", facts, Map.of("Accepted", 1L));
        yield envelope.keepsBody() ? accepted(capture, handshake) : tooLarge(capture);
      }
      case Sent.NotKept notKept -> {
        log.warn("ingest.not-kept", with(facts, "cause", notKept.cause()));
        yield Problem.of(
                ProblemType.QUEUE_UNAVAILABLE,
                "The request could not be kept. Send it again later.")
            .response()
            .with(Map.of("retry-after", "5"));
      }
    };
  }

  private static GatewayResponse accepted(Capture capture, Optional<Handshake> handshake) {
    if (handshake.isPresent()) {
      GatewayResponse response = handshake.get().response();
      return handshake.get().isShort() ? response : naming(capture, response);
    }
    return naming(
        capture,
        GatewayResponse.text(
            200, GatewayResponse.APPLICATION_JSON, "{\"id\":\"" + capture.id() + "\"}"));
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
                    : "The request was recorded without its body, which makes a message of over 1 MiB,"
                        + " compressed and in base64.")
            .with("limit", tooLong ? CapturedBody.MAX_BYTES : Envelope.MAX_BYTES)
            .with("size", capture.body().size())
            .with("id", capture.id())
            .response());
  }

  private GatewayResponse refuse(GatewayRequest request, Problem problem) {
    log.info(
        "ingest.refused",
        Map.of(
            "requestId", request.requestId(),
            "status", problem.type().status(),
            "cause", problem.type().slug()));
    return problem.response();
  }

  private static Map<String, Object> with(Map<String, Object> facts, String name, Object value) {
    Map<String, Object> more = new HashMap<>(facts);
    more.put(name, value);
    return more;
  }
}

package dev.hookwell.ingest;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.hookwell.bodies.LargeBodies;
import dev.hookwell.capture.BodyStore;
import dev.hookwell.capture.CaptureIds;
import dev.hookwell.capture.Environment;
import dev.hookwell.capture.EventLog;
import dev.hookwell.capture.HookPath;
import dev.hookwell.intake.CaptureQueue;
import dev.hookwell.intake.Intake;
import dev.hookwell.intake.IntakeSettings;
import dev.hookwell.intake.PrimedHttpClient;
import dev.hookwell.intake.Priming;
import dev.hookwell.intake.Responder;
import dev.hookwell.intake.SqsCaptureQueue;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;

/**
 * The hook path: records any request to {@code /h/{hookId}} and answers only after the queue has
 * it. It looks nothing up. Thread-safe.
 */
public final class IngestHandler implements RequestStreamHandler {
  /** Lambda gives an instance one request at a time. */
  private static final int CONNECTIONS = 1;

  private final Intake intake;

  /** For Lambda: everything from the environment. */
  public IngestHandler() {
    this(new Environment(System.getenv()));
  }

  private IngestHandler(Environment environment) {
    this(
        IntakeSettings.from(environment),
        environment.required("QUEUE_URL"),
        LargeBodies.toWrite(environment, () -> SqsCaptureQueue.httpClientBuilder(CONNECTIONS)));
  }

  private IngestHandler(IntakeSettings settings, String queueUrl, Optional<BodyStore> bodies) {
    this(
        settings,
        queueUrl,
        bodies,
        new PrimedHttpClient(SqsCaptureQueue.httpClientBuilder(CONNECTIONS).build()));
  }

  private IngestHandler(
      IntakeSettings settings, String queueUrl, Optional<BodyStore> bodies, PrimedHttpClient http) {
    this(
        settings,
        new SqsCaptureQueue(
            SqsCaptureQueue.clientBuilder(CONNECTIONS).httpClientBuilder(_ -> http).build(),
            queueUrl),
        bodies,
        http,
        new EventLog(System.out::println, Clock.systemUTC()));
  }

  private IngestHandler(
      IntakeSettings settings,
      CaptureQueue queue,
      Optional<BodyStore> bodies,
      PrimedHttpClient http,
      EventLog log) {
    this(
        settings,
        queue,
        bodies,
        new CaptureIds(Clock.systemUTC(), new SecureRandom()),
        Clock.systemUTC(),
        log);
    Priming.run(settings, queue, http, log);
  }

  /** Without a store for bodies that are too large for a message. */
  public IngestHandler(
      IntakeSettings settings, CaptureQueue queue, CaptureIds ids, Clock clock, EventLog log) {
    this(settings, queue, Optional.empty(), ids, clock, log);
  }

  public IngestHandler(
      IntakeSettings settings,
      CaptureQueue queue,
      Optional<BodyStore> bodies,
      CaptureIds ids,
      Clock clock,
      EventLog log) {
    this.intake =
        new Intake(HookPath.PLAIN, settings, queue, bodies, ids, clock, log, Responder.BY_SHAPE);
  }

  @Override
  public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
    intake.respond(in).response().writeTo(out);
  }
}

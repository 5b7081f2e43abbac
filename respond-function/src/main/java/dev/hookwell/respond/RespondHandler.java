package dev.hookwell.respond;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.hookwell.bodies.LargeBodies;
import dev.hookwell.capture.BodyStore;
import dev.hookwell.capture.CaptureIds;
import dev.hookwell.capture.Environment;
import dev.hookwell.capture.EventLog;
import dev.hookwell.capture.GatewayResponse;
import dev.hookwell.capture.HookPath;
import dev.hookwell.intake.CaptureQueue;
import dev.hookwell.intake.DelayedResponse;
import dev.hookwell.intake.Intake;
import dev.hookwell.intake.PrimedHttpClient;
import dev.hookwell.intake.Priming;
import dev.hookwell.intake.Responder;
import dev.hookwell.intake.SqsCaptureQueue;
import dev.hookwell.store.Database;
import dev.hookwell.store.ResponseScripts;
import dev.hookwell.store.Retries;
import dev.hookwell.store.Sleeper;
import dev.hookwell.support.FunctionDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * The hook path with a script: records any request to {@code /s/{hookId}} as ingest does, and the
 * owner's script decides the response. Thread-safe.
 */
public final class RespondHandler implements RequestStreamHandler {
  /** Lambda gives an instance one request at a time. */
  private static final int CONNECTIONS = 1;

  /** The part of the invocation's time that is reserved for the response itself. */
  private static final Duration RESERVE = Duration.ofSeconds(1);

  private final Intake intake;
  private final Clock clock;
  private final Sleeper sleeper;

  /** For Lambda: everything from the environment. */
  public RespondHandler() {
    this(new Environment(System.getenv()), Clock.systemUTC(), new SecureRandom());
  }

  private RespondHandler(Environment environment, Clock clock, SecureRandom random) {
    this(
        RespondSettings.from(environment),
        environment.required("QUEUE_URL"),
        LargeBodies.toWrite(environment, () -> SqsCaptureQueue.httpClientBuilder(CONNECTIONS)),
        new PrimedHttpClient(SqsCaptureQueue.httpClientBuilder(CONNECTIONS).build()),
        FunctionDatabase.open(
            environment, Database.Settings.forResponse("hookwell-respond"), clock),
        clock,
        random);
  }

  private RespondHandler(
      RespondSettings settings,
      String queueUrl,
      Optional<BodyStore> bodies,
      PrimedHttpClient http,
      Database database,
      Clock clock,
      SecureRandom random) {
    this(
        settings,
        new SqsCaptureQueue(
            SqsCaptureQueue.clientBuilder(CONNECTIONS).httpClientBuilder(_ -> http).build(),
            queueUrl),
        bodies,
        http,
        database,
        clock,
        random,
        new EventLog(System.out::println, clock));
  }

  private RespondHandler(
      RespondSettings settings,
      CaptureQueue queue,
      Optional<BodyStore> bodies,
      PrimedHttpClient http,
      Database database,
      Clock clock,
      SecureRandom random,
      EventLog log) {
    this(
        settings,
        queue,
        bodies,
        new ResponseScripts(database, clock, new Retries(clock, random, Thread::sleep)),
        new CaptureIds(clock, random),
        clock,
        Thread::sleep,
        log);
    Priming.run(settings.intake(), queue, http, log);
    if (settings.scripts().on()) {
      prepare(database, log);
    }
  }

  /** Loading these classes would take the second that a first request has for its script. */
  private static void prepare(Database database, EventLog log) {
    try {
      database.prepare();
    } catch (RuntimeException e) {
      log.error("start.database-not-prepared", Map.of(), e);
    }
  }

  /** Without a store for bodies that are too large for a message. */
  public RespondHandler(
      RespondSettings settings,
      CaptureQueue queue,
      ResponseScripts scripts,
      CaptureIds ids,
      Clock clock,
      Sleeper sleeper,
      EventLog log) {
    this(settings, queue, Optional.empty(), scripts, ids, clock, sleeper, log);
  }

  public RespondHandler(
      RespondSettings settings,
      CaptureQueue queue,
      Optional<BodyStore> bodies,
      ResponseScripts scripts,
      CaptureIds ids,
      Clock clock,
      Sleeper sleeper,
      EventLog log) {
    Responder responder =
        settings.scripts().on()
            ? new ScriptResponder(scripts, settings.scripts(), clock, log)
            : Responder.BY_SHAPE;
    this.intake =
        new Intake(HookPath.SCRIPTED, settings.intake(), queue, bodies, ids, clock, log, responder);
    this.clock = clock;
    this.sleeper = sleeper;
  }

  @Override
  public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
    Instant end = clock.instant().plusMillis(context.getRemainingTimeInMillis()).minus(RESERVE);
    respond(in, end).writeTo(out);
  }

  /**
   * @param end when a delay has to be over
   */
  GatewayResponse respond(InputStream in, Instant end) {
    DelayedResponse response = intake.respond(in);
    pause(response.delay(), end);
    return response.response();
  }

  private void pause(Duration delay, Instant end) {
    Duration left = Duration.between(clock.instant(), end);
    Duration pause = delay.compareTo(left) > 0 ? left : delay;
    if (!pause.isPositive()) {
      return;
    }
    try {
      sleeper.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

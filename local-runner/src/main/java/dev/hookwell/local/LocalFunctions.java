package dev.hookwell.local;

import dev.hookwell.api.ApiHandler;
import dev.hookwell.api.ApiSettings;
import dev.hookwell.capture.BodyStore;
import dev.hookwell.capture.CaptureIds;
import dev.hookwell.capture.Environment;
import dev.hookwell.capture.EventLog;
import dev.hookwell.ingest.IngestHandler;
import dev.hookwell.intake.CaptureQueue;
import dev.hookwell.intake.IntakeSettings;
import dev.hookwell.local.gateway.LocalFunction;
import dev.hookwell.local.gateway.Turns;
import dev.hookwell.persist.PersistHandler;
import dev.hookwell.persist.RetentionHandler;
import dev.hookwell.respond.RespondHandler;
import dev.hookwell.respond.RespondSettings;
import dev.hookwell.store.CaptureWriter;
import dev.hookwell.store.Database;
import dev.hookwell.store.HookLimits;
import dev.hookwell.store.ResponseScripts;
import dev.hookwell.store.Retention;
import dev.hookwell.store.Retries;
import dev.hookwell.store.StoreLimits;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** Makes the cloud's functions, with the timeouts that {@code template.yaml} gives them. */
public final class LocalFunctions {
  public static final Duration INGEST_TIMEOUT = Duration.ofSeconds(6);
  public static final Duration RESPOND_TIMEOUT = Duration.ofSeconds(20);
  public static final Duration API_TIMEOUT = Duration.ofSeconds(25);
  public static final Duration RETENTION_TIMEOUT = Duration.ofSeconds(50);
  public static final Duration RETENTION_INTERVAL = Duration.ofMinutes(1);

  /**
   * Concurrent invocations of ingest, and of respond. In the cloud each has a machine of its own.
   * Here, with more of them, each would take longer than the time that ingest gives the queue.
   */
  private static final int SENDERS = 64;

  private final Environment environment;
  private final HookLimits limits;
  private final Clock clock;
  private final SecureRandom random;
  private final Retries retries;
  private final EventLog log;

  LocalFunctions(
      Environment environment, Clock clock, SecureRandom random, Retries retries, EventLog log) {
    this.environment = environment;
    this.limits = HookLimits.from(environment);
    this.clock = clock;
    this.random = random;
    this.retries = retries;
    this.log = log;
  }

  /** The quota of a hook, and the lifetimes of hooks and captures. */
  HookLimits limits() {
    return limits;
  }

  LocalFunction ingest(CaptureQueue queue, Optional<BodyStore> bodies, EventLog log) {
    return new LocalFunction(
        "hookwell-ingest",
        INGEST_TIMEOUT,
        SENDERS,
        new IngestHandler(
            IntakeSettings.from(environment),
            queue,
            bodies,
            new CaptureIds(clock, random),
            clock,
            log));
  }

  LocalFunction respond(CaptureQueue queue, BodyStore bodies, Database database) {
    return new LocalFunction(
        "hookwell-respond",
        RESPOND_TIMEOUT,
        SENDERS,
        new RespondHandler(
            RespondSettings.from(environment),
            queue,
            Optional.of(bodies),
            new ResponseScripts(database, clock, retries),
            new CaptureIds(clock, random),
            clock,
            Turns::sleep,
            log));
  }

  LocalFunction api(Database database, BodyStore bodies) {
    return new LocalFunction(
        "hookwell-api",
        API_TIMEOUT,
        new ApiHandler(
            ApiSettings.from(environment, clock),
            database,
            Optional.of(bodies),
            clock,
            random,
            Turns::sleep,
            log));
  }

  PersistHandler persist(Database database) {
    return new PersistHandler(new CaptureWriter(database, limits, clock, retries), clock, log);
  }

  RetentionHandler retention(Database database, BodyStore bodies) {
    return new RetentionHandler(
        new Retention(
            database,
            limits,
            StoreLimits.from(environment),
            Optional.of(bodies),
            Retention.Batches.DEFAULT,
            Retention.HOOK_BUDGET,
            clock,
            retries),
        clock,
        log);
  }
}

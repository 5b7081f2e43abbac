package dev.hookwell.client.listen;

import dev.hookwell.client.ApiResult;
import dev.hookwell.client.Bytes;
import dev.hookwell.client.Capture;
import dev.hookwell.client.Failure;
import dev.hookwell.client.HookApi;
import dev.hookwell.client.HookLink;
import dev.hookwell.client.delivery.Delivery;
import dev.hookwell.client.delivery.DeliveryRequest;
import dev.hookwell.client.delivery.DeliverySettings;
import dev.hookwell.client.delivery.SignatureAge;
import dev.hookwell.client.delivery.TargetConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Delivers captures, one after another. For one thread. */
final class Worker implements AutoCloseable {
  /**
   * A target that broke off or took too long may have acted on the request: more tries would harm.
   */
  private static final int TRIES = 3;

  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

  /** Short: a developer who starts the server wants to see deliveries at once. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private static final Duration LOOK_UP = Duration.ofMillis(100);

  private final Shared shared;
  private final Listener.Settings settings;
  private final BlockingQueue<Optional<Capture>> waiting;
  private final Clock clock;
  private final Consumer<Optional<ListenEnd>> finished;
  private final Optional<TargetConnection> connection;
  private final RandomGenerator random;
  private final Backoff backoff;

  Worker(
      Shared shared,
      Listener.Settings settings,
      BlockingQueue<Optional<Capture>> waiting,
      Clock clock,
      RandomGenerator random,
      ScheduledExecutorService timer,
      Consumer<Optional<ListenEnd>> finished) {
    this.shared = shared;
    this.settings = settings;
    this.waiting = waiting;
    this.clock = clock;
    this.finished = finished;
    this.random = random;
    this.backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE, random);
    this.connection =
        settings
            .delivery()
            .map(to -> new TargetConnection(to.target(), to.trust(), to.timeout(), clock, timer));
  }

  /** The state that all workers of a listener share. */
  static final class Shared {
    /** Bodies that are fetched by themselves have up to 4 MiB each; an eighth of the heap. */
    private static final int MOST_KIB =
        (int) Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / 8 / 1024);

    private final HookApi api;
    private final HookLink hook;
    private final Progress progress;
    private final ListenEvents events;
    private final Pauses pauses;
    private final AtomicBoolean targetDown = new AtomicBoolean();
    private final Semaphore memory = new Semaphore(MOST_KIB, true);

    Shared(HookApi api, HookLink hook, Progress progress, ListenEvents events, Pauses pauses) {
      this.api = api;
      this.hook = hook;
      this.progress = progress;
      this.events = events;
      this.pauses = pauses;
    }
  }

  /** Delivers until there are no more captures, or it is stopped. */
  void run() throws InterruptedException {
    while (!shared.pauses.isStopped()) {
      Optional<Capture> next = waiting.poll(LOOK_UP.toMillis(), TimeUnit.MILLISECONDS);
      if (next == null) {
        continue;
      }
      if (next.isEmpty()) {
        return;
      }
      take(next.get());
    }
  }

  private void take(Capture capture) throws InterruptedException {
    if (capture.isBodyTooLarge()) {
      shared.events.skipped(
          capture, "its body of " + capture.bodySize() + " bytes was over the limit, and not kept");
      shared.progress.finish(capture.seq());
      return;
    }
    int kib =
        capture.body().isPresent()
            ? 0
            : (int) Math.min(Shared.MOST_KIB, capture.bodySize() / 1024 + 1);
    shared.memory.acquire(kib);
    try {
      Optional<Bytes> body = body(capture);
      if (body.isPresent()) {
        deliver(capture, body.get());
      }
    } finally {
      shared.memory.release(kib);
    }
  }

  /** The body; empty when it is gone, or when listening has ended. */
  private Optional<Bytes> body(Capture capture) throws InterruptedException {
    Backoff tries = new Backoff(BETWEEN_TRIES, BETWEEN_TRIES.multipliedBy(8), random);
    while (!shared.pauses.isStopped()) {
      ApiResult<Bytes> result = shared.api.body(capture);
      if (result instanceof ApiResult.Got<Bytes> got) {
        return Optional.of(got.value());
      }
      Failure failure = ((ApiResult.Failed<Bytes>) result).failure();
      if (failure.kind() == Failure.Kind.MISSING) {
        shared.events.gone(capture.seq(), capture.seq(), "evicted or deleted just now");
        shared.progress.finish(capture.seq());
        return Optional.empty();
      }
      if (failure.kind() == Failure.Kind.DAMAGED) {
        shared.events.skipped(capture, failure.message());
        shared.progress.finish(capture.seq());
        return Optional.empty();
      }
      if (!failure.passes()) {
        finished.accept(Optional.of(new ListenEnd.Refused(failure)));
        return Optional.empty();
      }
      shared.pauses.pause(tries.next());
    }
    return Optional.empty();
  }

  private void deliver(Capture capture, Bytes body) throws InterruptedException {
    shared.events.received(capture, body);
    if (connection.isEmpty() || settings.delivery().isEmpty()) {
      shared.progress.finish(capture.seq());
      finished.accept(Optional.empty());
      return;
    }
    DeliverySettings to = settings.delivery().get();
    DeliveryRequest request;
    try {
      request = DeliveryRequest.of(capture, body, shared.hook, to.target(), to.headers());
    } catch (IllegalArgumentException e) {
      shared.events.skipped(capture, String.valueOf(e.getMessage()));
      shared.progress.finish(capture.seq());
      return;
    }
    int tries = 0;
    while (!shared.pauses.isStopped()) {
      shared.progress.begin(capture.seq());
      Instant start = clock.instant();
      Delivery outcome = connection.get().send(request);
      if (outcome instanceof Delivery.Failed failed
          && failed.cause() == Delivery.Cause.NOT_CONNECTED) {
        shared.progress.undo(capture.seq());
        waitForTarget(failed.message());
        continue;
      }
      if (outcome instanceof Delivery.Failed failed && failed.cause() == Delivery.Cause.UNTRUSTED) {
        shared.progress.undo(capture.seq());
        finished.accept(Optional.of(new ListenEnd.Broken(failed.message())));
        return;
      }
      tries++;
      targetIsUp();
      if (outcome instanceof Delivery.Responded || tries == TRIES) {
        report(capture, request, outcome, start, tries);
        return;
      }
      shared.pauses.pause(BETWEEN_TRIES);
    }
  }

  private void report(
      Capture capture, DeliveryRequest request, Delivery outcome, Instant start, int tries) {
    Instant now = clock.instant();
    List<String> warnings = new ArrayList<>(request.warnings());
    SignatureAge.warning(capture, start).ifPresent(warnings::add);
    DeliverySettings to = settings.delivery().orElseThrow();
    shared.events.delivered(
        new Delivered(
            capture,
            now,
            to.target().origin() + request.target(),
            outcome,
            Duration.between(start, now),
            tries,
            warnings));
    shared.progress.finish(capture.seq());
    finished.accept(Optional.empty());
  }

  private void waitForTarget(String reason) throws InterruptedException {
    if (shared.targetDown.compareAndSet(false, true)) {
      shared.events.targetDown(reason);
    }
    shared.pauses.pause(backoff.next());
  }

  private void targetIsUp() {
    backoff.reset();
    if (shared.targetDown.compareAndSet(true, false)) {
      shared.events.targetUp();
    }
  }

  @Override
  public void close() {
    connection.ifPresent(TargetConnection::close);
  }
}

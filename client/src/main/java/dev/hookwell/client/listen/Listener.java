package dev.hookwell.client.listen;

import dev.hookwell.client.ApiResult;
import dev.hookwell.client.Bytes;
import dev.hookwell.client.Capture;
import dev.hookwell.client.CapturePage;
import dev.hookwell.client.Failure;
import dev.hookwell.client.Hook;
import dev.hookwell.client.HookApi;
import dev.hookwell.client.HookLink;
import dev.hookwell.client.Match;
import dev.hookwell.client.delivery.DeliverySettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;

/**
 * Follows a hook by its numbers and has each capture delivered: in order by one worker, or by
 * several at once.
 */
public final class Listener {
  /** Captures at once, from the API and waiting for a worker. Small enough for 64 MB of heap. */
  private static final int PAGE = 250;

  private static final int WAITING = 250;
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  /** Short: a developer whose network is back wants to see captures soon. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private static final Duration LOOK_UP = Duration.ofMillis(100);

  /** The time for deliveries that are under way when it is stopped. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  private static final Duration PROGRESS = Duration.ofSeconds(2);

  private final HookApi api;
  private final Hook hook;
  private final Settings settings;
  private final ListenEvents events;
  private final Clock clock;
  private final RandomGenerator random;
  private final Pauses pauses = new Pauses();
  private final AtomicReference<ListenEnd> end = new AtomicReference<>(new ListenEnd.Done(0));
  private final AtomicLong delivered = new AtomicLong();
  private final BlockingQueue<Optional<Capture>> waiting = new ArrayBlockingQueue<>(WAITING);
  private volatile long stored;
  private volatile long looked;

  /**
   * How to listen.
   *
   * @param once end when all that was there is delivered
   * @param count end after so many
   */
  public record Settings(
      Optional<DeliverySettings> delivery,
      int concurrency,
      Match match,
      StartingPoint start,
      boolean once,
      OptionalLong count) {}

  /**
   * Does nothing yet.
   *
   * @param hook as the API just described it
   */
  public Listener(
      HookApi api,
      Hook hook,
      Settings settings,
      ListenEvents events,
      Clock clock,
      RandomGenerator random) {
    this.api = api;
    this.hook = hook;
    this.settings = settings;
    this.events = events;
    this.clock = clock;
    this.random = random;
    this.stored = hook.counts().stored();
  }

  /** Ends {@link #run} soon. For another thread. */
  public void stop() {
    pauses.stop();
    api.end();
  }

  /**
   * Listens until there is a reason to end.
   *
   * @param file where the cursor is kept, and goes on from unless the start is given
   * @throws CursorFileException when the cursor can't be kept there, or any more
   * @throws RuntimeException one that the events threw; the capture of that event counts as not
   *     finished
   */
  public ListenEnd run(Path file) throws InterruptedException {
    String id = api.link().id();
    CursorFile.Opened opened =
        CursorFile.open(file, Bytes.sha256(id.getBytes(StandardCharsets.US_ASCII)));
    try (CursorFile cursor = opened.file()) {
      return run(cursor, opened.cursor());
    }
  }

  private ListenEnd run(CursorFile file, Optional<Cursor> kept) throws InterruptedException {
    long latest = hook.counts().stored();
    ApiResult<Long> after = settings.start().after(api, hook, latest);
    if (after instanceof ApiResult.Failed<Long> failed) {
      return new ListenEnd.Refused(failed.failure());
    }
    Cursor cursor =
        settings.start().isOpen() && kept.isPresent()
            ? kept.get()
            : Cursor.at(((ApiResult.Got<Long>) after).value());
    if (cursor.done() > latest) {
      return aboveTheLast(cursor.done(), latest);
    }
    // On disk before the first event: if that throws, the next run begins there.
    Progress progress = new Progress(file, cursor);
    long earlier = settings.start().isOpen() && kept.isEmpty() ? hook.counts().available() : 0;
    events.ready(cursor.done(), latest - cursor.done(), earlier);
    if (!cursor.begun().isEmpty()) {
      events.repeating(cursor.begun());
    }
    return listen(progress, cursor.done());
  }

  private static ListenEnd aboveTheLast(long cursor, long latest) {
    return new ListenEnd.Broken(
        "the cursor is at #"
            + cursor
            + ", but this hook's last capture is #"
            + latest
            + ": its server has lost or replaced its data. Begin anew with --from 1");
  }

  private ListenEnd listen(Progress progress, long after) throws InterruptedException {
    looked = after;
    ScheduledThreadPoolExecutor timer = timer();
    List<Thread> workers = new ArrayList<>();
    try {
      SuspensionWatch.start(timer, clock, standstill -> guarded(() -> resumed(standstill)));
      ProgressNote note =
          new ProgressNote(
              delivered::get,
              () -> Math.max(0, stored - looked) + progress.open(),
              events::progress,
              PROGRESS);
      var unused =
          timer.scheduleWithFixedDelay(
              () -> guarded(note), PROGRESS.toMillis(), PROGRESS.toMillis(), TimeUnit.MILLISECONDS);
      Worker.Shared shared = new Worker.Shared(api, publicLink(), progress, events, pauses);
      for (int i = 0; i < settings.concurrency(); i++) {
        Worker worker = new Worker(shared, settings, waiting, clock, random, timer, this::finished);
        Thread thread = new Thread(() -> work(worker), "delivery-" + i);
        thread.setDaemon(true);
        thread.start();
        workers.add(thread);
      }
      follow(progress);
      for (int i = 0; i < settings.concurrency(); i++) {
        hand(Optional.empty());
      }
    } catch (RuntimeException e) {
      // Stops the workers, which would go on waiting for captures.
      endWith(new ListenEnd.Thrown(e));
    } finally {
      join(workers);
      timer.shutdownNow();
    }
    ListenEnd reason = end.get();
    if (reason instanceof ListenEnd.Thrown thrown) {
      throw thrown.failure();
    }
    return reason instanceof ListenEnd.Done ? new ListenEnd.Done(delivered.get()) : reason;
  }

  private static ScheduledThreadPoolExecutor timer() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            2,
            task -> {
              Thread thread = new Thread(task, "timer");
              thread.setDaemon(true);
              return thread;
            });
    // Else each delivery would stay in memory until its time-out.
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }

  /** The URL that senders use, which some of them sign. */
  private HookLink publicLink() {
    return HookLink.parse(hook.url()).orElse(api.link());
  }

  private void work(Worker worker) {
    try (worker) {
      worker.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      endWith(new ListenEnd.Thrown(e));
    }
  }

  /** Runs a timer's task, which an exception would end unseen. */
  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      endWith(new ListenEnd.Thrown(e));
    }
  }

  /** Called by a worker when a delivery has ended; or, with the reason, when all have to end. */
  private void finished(Optional<ListenEnd> reason) {
    reason.ifPresent(this::endWith);
    if (reason.isEmpty()) {
      delivered.incrementAndGet();
    }
  }

  private void endWith(ListenEnd reason) {
    if (end.get() instanceof ListenEnd.Done) {
      end.set(reason);
    }
    stop();
  }

  private void resumed(Duration standstill) {
    events.resumed(standstill);
    api.reconnect();
    pauses.wake();
  }

  /**
   * Waits for the workers' end: after a stop for {@link #GRACE} at most, else for all deliveries.
   */
  private void join(List<Thread> workers) throws InterruptedException {
    long until = 0;
    for (Thread worker : workers) {
      while (worker.isAlive()) {
        worker.join(LOOK_UP.toMillis());
        if (pauses.isStopped()) {
          until = until == 0 ? System.nanoTime() + GRACE.toNanos() : until;
          if (System.nanoTime() - until > 0) {
            return;
          }
        }
      }
    }
  }

  private void follow(Progress progress) throws InterruptedException {
    Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE, random);
    boolean connected = true;
    long left = settings.count().orElse(Long.MAX_VALUE);
    while (!pauses.isStopped() && left > 0) {
      ApiResult<CapturePage> result =
          api.after(
              looked, PAGE, settings.once() ? Duration.ZERO : hook.longestWait(), settings.match());
      if (result instanceof ApiResult.Failed<CapturePage> failed) {
        Failure failure = failed.failure();
        if (!failure.passes()) {
          endWith(new ListenEnd.Refused(failure));
        } else if (!pauses.isStopped()) {
          if (connected) {
            events.disconnected(failure.message());
          }
          connected = false;
          Duration pause = backoff.next();
          Duration asked = failure.retryAfter().orElse(pause);
          pauses.pause(asked.compareTo(pause) > 0 ? asked : pause);
        }
        continue;
      }
      if (!connected) {
        events.connected();
      }
      connected = true;
      backoff.reset();
      CapturePage page = ((ApiResult.Got<CapturePage>) result).value();
      if (page.counts().stored() < looked) {
        endWith(aboveTheLast(looked, page.counts().stored()));
        return;
      }
      stored = page.counts().stored();
      left -= take(page, progress, left);
      if (settings.once() && page.captures().isEmpty() && !page.more()) {
        return;
      }
    }
  }

  /**
   * Hands captures to the workers, at most {@code most}. Reports the missing ones, where all are
   * listed.
   */
  private long take(CapturePage page, Progress progress, long most) throws InterruptedException {
    long handed = 0;
    for (Capture capture : page.captures()) {
      if (handed == most || pauses.isStopped()) {
        return handed;
      }
      missing(capture.seq() - 1, progress);
      looked = capture.seq();
      if (progress.isFinished(capture.seq()) || !settings.start().includes(capture.receivedAt())) {
        progress.pass(capture.seq());
      } else {
        progress.expect(capture.seq());
        hand(Optional.of(capture));
        handed++;
      }
    }
    if (!settings.match().isAll()) {
      passTo(page.next(), progress);
    } else if (page.captures().isEmpty() && !page.more()) {
      missing(page.counts().stored(), progress);
    }
    progress.save();
    return handed;
  }

  /** Numbers are given without holes: a capture that isn't listed was there, and is gone. */
  private void missing(long last, Progress progress) {
    if (last > looked && settings.match().isAll()) {
      events.gone(looked + 1, last, "evicted by the quota or by age, or deleted");
    }
    passTo(last, progress);
  }

  private void passTo(long last, Progress progress) {
    if (last > looked) {
      looked = last;
      progress.pass(last);
    }
  }

  private void hand(Optional<Capture> capture) throws InterruptedException {
    while (!pauses.isStopped()
        && !waiting.offer(capture, LOOK_UP.toMillis(), TimeUnit.MILLISECONDS)) {
      // Until there is room, or it is stopped.
    }
  }
}

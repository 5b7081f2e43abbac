package dev.hookwell.client.command;

import static java.util.stream.Collectors.joining;

import dev.hookwell.client.ApiResult;
import dev.hookwell.client.CapturePage;
import dev.hookwell.client.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Mixin;

/** A command about one hook. */
abstract class HookCommand implements Callable<Integer> {
  static final Duration FOREVER = Duration.ofDays(1);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** A server that restarts, or a database that does, is back by then. */
  private static final int TRIES = 30;

  private static final int TOLD = 10;

  @Mixin final HookOptions hook = new HookOptions();
  final Surroundings surroundings;
  private final SortedSet<Long> notSearched = new TreeSet<>();
  private Optional<Instant> end = Optional.empty();

  HookCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /** Takes note of captures of which the server could not search everything. */
  void notSearched(CapturePage page) {
    notSearched.addAll(page.partial());
    page.captures().forEach(capture -> notSearched.remove(capture.seq()));
  }

  /** Says so, since one of them may match. */
  void tellNotSearched() {
    if (!notSearched.isEmpty()) {
      surroundings.note(
          "hookwell: not searched to the end, since their bodies are long, unreadable, or not kept"
              + " or not to be searched: "
              + notSearched.stream().limit(TOLD).map(seq -> "#" + seq).collect(joining(" "))
              + (notSearched.size() > TOLD ? " and " + (notSearched.size() - TOLD) + " more" : ""));
    }
  }

  /**
   * Asks until the server can do it.
   *
   * @throws CommandException when it won't, can't for half a minute or the time there is, or isn't
   *     there
   */
  <T> T ask(Supplier<ApiResult<T>> call) throws InterruptedException {
    for (int tries = 1; ; tries++) {
      ApiResult<T> result = call.get();
      if (result instanceof ApiResult.Got<T> got) {
        return got.value();
      }
      Failure failure = ((ApiResult.Failed<T>) result).failure();
      Duration left = end.map(this::until).orElse(FOREVER);
      if (failure.kind() != Failure.Kind.UNAVAILABLE || tries == TRIES || left.isZero()) {
        throw CommandException.of(failure);
      }
      if (tries == 1) {
        surroundings.note("hookwell: " + failure.message() + ". It asks again");
      }
      surroundings.sleeper().sleep(shorter(failure.retryAfter().orElse(PAUSE), left));
    }
  }

  /** From now on {@link #ask} asks no longer than that; without a time, as long as it is worth. */
  void askUntil(Optional<Instant> time) {
    end = time;
  }

  /** How long it is until then; nothing when that is over. */
  Duration until(Instant time) {
    Duration left = Duration.between(surroundings.clock().instant(), time);
    return left.isNegative() ? Duration.ZERO : left;
  }

  static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}

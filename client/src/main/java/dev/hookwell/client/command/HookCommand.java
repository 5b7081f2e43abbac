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

  /** A server or a database that restarts is back by then. */
  private static final int TRIES = 30;

  private static final int TOLD = 10;

  @Mixin final HookOptions hook = new HookOptions();
  final Surroundings surroundings;
  private final SortedSet<Long> notSearched = new TreeSet<>();
  private Optional<Instant> end = Optional.empty();

  HookCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /** Records the captures of which the server could not search everything. */
  void notSearched(CapturePage page) {
    notSearched.addAll(page.partial());
    page.captures().forEach(capture -> notSearched.remove(capture.seq()));
  }

  /** Prints their numbers, since one of them may match. */
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
   * Repeats a call while the server is unavailable.
   *
   * @throws CommandException when the server refuses, can't be reached, or is still unavailable
   *     after half a minute or at the end of {@link #askUntil}
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

  /** The time until which {@link #ask} may repeat calls; empty for no end but its own. */
  void askUntil(Optional<Instant> time) {
    end = time;
  }

  /** The time that is left until then; zero when that is over. */
  Duration until(Instant time) {
    Duration left = Duration.between(surroundings.clock().instant(), time);
    return left.isNegative() ? Duration.ZERO : left;
  }

  static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}

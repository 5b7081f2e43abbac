package dev.hookwell.client.command;

import dev.hookwell.client.ApiResult;
import dev.hookwell.client.Bytes;
import dev.hookwell.client.Capture;
import dev.hookwell.client.CapturePage;
import dev.hookwell.client.Failure;
import dev.hookwell.client.Hook;
import dev.hookwell.client.HookApi;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hookwell wait}. */
@Command(
    name = "wait",
    mixinStandardHelpOptions = true,
    description = {
      "Waits for a capture and prints it as JSON; ends with 4 when none came in time.",
      "Captures that are there already count, from the hook's first on."
    })
final class WaitCommand extends HookCommand {
  private static final int PAGE = 100;
  private static final Duration PAUSE = Duration.ofSeconds(1);

  @Mixin private final SelectionOptions selection = new SelectionOptions();

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "60s",
      description = "How long to wait; ${DEFAULT-VALUE} unless given.")
  private Duration timeout = Duration.ofSeconds(60);

  WaitCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  public Integer call() throws InterruptedException {
    Instant end = surroundings.clock().instant().plus(timeout);
    HookApi api = hook.api(surroundings);
    Hook described = ask(api::hook);
    Selection chosen =
        new Selection(this, api, selection.start(surroundings.clock()), selection.match());
    long after = chosen.first();
    List<Capture> found = new ArrayList<>();
    boolean said = false;
    // When the time is over, all that was there by then has been looked at, and no more.
    long last = Long.MAX_VALUE;
    while (true) {
      Duration left = Duration.between(surroundings.clock().instant(), end);
      Duration wait = left.isNegative() ? Duration.ZERO : shorter(left, described.longestWait());
      // The API waits whole seconds; the last part of one is waited for here.
      ApiResult<CapturePage> result =
          api.after(after, PAGE, Duration.ofSeconds(wait.toSeconds()), selection.match());
      if (result instanceof ApiResult.Got<CapturePage> got) {
        if (!chosen.hand(got.value(), capture -> !found.add(capture))) {
          return print(api, found.get(0));
        }
        after = got.value().next();
        if (!surroundings.clock().instant().isBefore(end)) {
          last = Math.min(last, got.value().counts().stored());
        }
        if (got.value().more() && after < last) {
          continue;
        }
      } else {
        Failure failure = ((ApiResult.Failed<CapturePage>) result).failure();
        if (!failure.passes()) {
          throw CommandException.of(failure);
        }
        if (!said) {
          surroundings.note("hookwell: " + failure.message());
          said = true;
        }
        surroundings.sleeper().sleep(shorter(left.isNegative() ? Duration.ZERO : left, PAUSE));
      }
      left = Duration.between(surroundings.clock().instant(), end);
      if (left.isZero() || left.isNegative()) {
        tellNotSearched();
        throw new CommandException(ExitCode.NOTHING_CAME, "nothing came within " + text(timeout));
      }
      if (left.toSeconds() == 0) {
        surroundings.sleeper().sleep(left);
      }
    }
  }

  private int print(HookApi api, Capture capture) throws InterruptedException {
    Capture whole = capture;
    if (!capture.isBodyTooLarge() && capture.body().isEmpty()) {
      Bytes body = ask(() -> api.body(capture));
      whole = capture.with(body);
    }
    surroundings.data(whole.toLine());
    return ExitCode.OK.number;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static String text(Duration time) {
    return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
  }
}

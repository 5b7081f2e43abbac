package dev.hookwell.client.command;

import dev.hookwell.client.ApiResult;
import dev.hookwell.client.Bytes;
import dev.hookwell.client.Capture;
import dev.hookwell.client.CapturePage;
import dev.hookwell.client.Failure;
import dev.hookwell.client.HookApi;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
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

  /** How long after the end to wait for a response of a server whose last call failed. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  /** The same of a server that answered: its last response decides. */
  private static final Duration LAST_LOOK = Duration.ofSeconds(5);

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
    AtomicBoolean answers = new AtomicBoolean();
    api.answerWithin(() -> until(end).plus(answers.get() ? LAST_LOOK : GRACE));
    askUntil(Optional.of(end));
    Duration longestWait = ask(api::hook).longestWait();
    Selection chosen =
        new Selection(this, api, selection.start(surroundings.clock()), selection.match());
    long after = chosen.first();
    List<Capture> found = new ArrayList<>();
    boolean said = false;
    // At the end, all captures that were there by then have been searched, and no others.
    long last = Long.MAX_VALUE;
    while (true) {
      // The API waits whole seconds; the last part of one is waited for here.
      Duration wait = Duration.ofSeconds(shorter(until(end), longestWait).toSeconds());
      ApiResult<CapturePage> result = api.after(after, PAGE, wait, selection.match());
      answers.set(result instanceof ApiResult.Got);
      if (result instanceof ApiResult.Got<CapturePage> got) {
        if (!chosen.hand(got.value(), capture -> !found.add(capture))) {
          return print(api, found.get(0));
        }
        after = got.value().next();
        if (until(end).isZero()) {
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
        surroundings.sleeper().sleep(shorter(until(end), PAUSE));
      }
      Duration left = until(end);
      if (left.isZero()) {
        throw nothingCame(answers.get());
      }
      if (left.toSeconds() == 0) {
        surroundings.sleeper().sleep(left);
      }
    }
  }

  private CommandException nothingCame(boolean known) {
    tellNotSearched();
    String within = "within " + text(timeout);
    return known
        ? new CommandException(ExitCode.NOTHING_CAME, "nothing came " + within)
        : new CommandException(
            ExitCode.RUNTIME,
            "the server did not answer to the end "
                + within
                + ": whether something came is not known. Give more time with --timeout");
  }

  private int print(HookApi api, Capture capture) throws InterruptedException {
    Capture whole = capture;
    if (!capture.isBodyTooLarge() && capture.body().isEmpty()) {
      askUntil(Optional.empty());
      api.answerWithin(() -> FOREVER);
      Bytes body = ask(() -> api.body(capture));
      whole = capture.with(body);
    }
    surroundings.data(whole.toLine());
    return ExitCode.OK.number;
  }

  private static String text(Duration time) {
    return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
  }
}

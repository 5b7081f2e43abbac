package dev.hookwell.capture.script;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An owner's steps, of which the first that applies decides a response. Only the last is
 * open-ended.
 *
 * @param handshakes how handshakes are answered
 */
public record ResponseScript(List<ResponseStep> steps, HandshakeMode handshakes) {
  /** The largest size of the JSON that sets a script. */
  public static final int MAX_BYTES = 32 * 1024;

  public static final int MAX_STEPS = 20;

  /**
   * How long failing steps are served. Senders disable a URL that fails for long, some for ever.
   */
  public static final Duration FAILURES_LIFE = Duration.ofHours(24);

  /** Requests are spread over a hundred shares, which steps take in the order of the script. */
  public static final int SHARES = 100;

  public ResponseScript {
    steps = List.copyOf(steps);
  }

  /**
   * The steps that may decide a request, in order: those that take a share of the requests, and the
   * first that takes all. None when the plain response is next.
   *
   * @param taken the number of requests that counted steps have had since {@code setAt}
   * @param setAt when the script was set or restarted
   */
  public List<StepInTurn> inTurn(long taken, Instant setAt, Instant now) {
    boolean failuresEnded = !now.isBefore(setAt.plus(FAILURES_LIFE));
    List<StepInTurn> found = new ArrayList<>();
    int counted = 0;
    int shares = 0;
    for (int i = 0; i < steps.size(); i++) {
      ResponseStep step = steps.get(i);
      boolean passedOver = failuresEnded && step.fails();
      switch (step.end()) {
        case StepEnd.Percent(int share) -> {
          if (!passedOver) {
            found.add(new StepInTurn(i + 1, step, shares));
          }
          shares += share;
        }
        case StepEnd.Times(int number) -> {
          if (!passedOver && taken < counted + number) {
            found.add(new StepInTurn(i + 1, step, counted));
            return found;
          }
          counted += number;
        }
        case StepEnd.For(Duration duration) -> {
          if (!passedOver && now.isBefore(setAt.plus(duration))) {
            found.add(new StepInTurn(i + 1, step, 0));
            return found;
          }
        }
        case StepEnd.Until(Instant time) -> {
          if (!passedOver && now.isBefore(time)) {
            found.add(new StepInTurn(i + 1, step, 0));
            return found;
          }
        }
        case StepEnd.Open() -> {
          if (!passedOver) {
            found.add(new StepInTurn(i + 1, step, 0));
            return found;
          }
        }
      }
    }
    return found;
  }

  /** When failing steps stop being served; empty when there are none. */
  public Optional<Instant> failuresEndAt(Instant setAt) {
    return steps.stream().anyMatch(ResponseStep::fails)
        ? Optional.of(setAt.plus(FAILURES_LIFE))
        : Optional.empty();
  }

  /** The last step. */
  public ResponseStep open() {
    return steps.getLast();
  }
}

package dev.hookwell.capture.script;

import java.time.Duration;
import java.time.Instant;

/** How long a step lasts. */
public sealed interface StepEnd {
  /** For ever: the last step, and no other. */
  record Open() implements StepEnd {}

  /** For this number of requests. */
  record Times(int number) implements StepEnd {}

  /** For this long after the script was set or restarted. */
  record For(Duration duration) implements StepEnd {}

  /** Until this time, exclusive. */
  record Until(Instant time) implements StepEnd {}

  /** For ever, for this percentage of the requests; the others go on to the next step. */
  record Percent(int share) implements StepEnd {}
}

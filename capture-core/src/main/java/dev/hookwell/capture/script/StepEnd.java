package dev.hookwell.capture.script;

import java.time.Duration;
import java.time.Instant;

/** How long a step lasts. */
public sealed interface StepEnd {
  /** For ever: the last step, and no other. */
  record Open() implements StepEnd {}

  /** For so many requests. */
  record Times(int number) implements StepEnd {}

  /** For so long after the script was set or restarted. */
  record For(Duration duration) implements StepEnd {}

  /** Until a time, which is no part of it. */
  record Until(Instant time) implements StepEnd {}

  /** For ever, for so many of a hundred requests; the others go on to the next step. */
  record Percent(int share) implements StepEnd {}
}

package dev.hookwell.client.listen;

import dev.hookwell.client.Failure;

/** Why listening ended. */
public sealed interface ListenEnd {
  /** It was told to, or has done what it was to do. */
  record Done(long delivered) implements ListenEnd {}

  /** The hook can't be read, now or ever. */
  record Refused(Failure failure) implements ListenEnd {}

  /** Something else that waiting doesn't help. */
  record Broken(String message) implements ListenEnd {}

  /** Something was thrown, and is thrown to who listens. */
  record Thrown(RuntimeException failure) implements ListenEnd {}
}

package dev.hookwell.client.listen;

import dev.hookwell.client.Failure;

/** Why listening ended. */
public sealed interface ListenEnd {
  /** It was stopped, or has delivered all that it was to deliver. */
  record Done(long delivered) implements ListenEnd {}

  /** The hook can't be read, now or ever. */
  record Refused(Failure failure) implements ListenEnd {}

  /** Another failure, which waiting doesn't mend. */
  record Broken(String message) implements ListenEnd {}

  /** An exception, which is thrown to the caller of {@link Listener#run}. */
  record Thrown(RuntimeException failure) implements ListenEnd {}
}

package dev.hookwell.capture;

/** What {@link HookKeys} finds a hook id to be. */
public sealed interface HookCheck {
  /** Ours, and not ended. */
  record Valid(HookId id) implements HookCheck {}

  /** Ours, but its time is over. */
  record Expired(HookId id) implements HookCheck {}

  /** Not an id that we issued. */
  record Unknown() implements HookCheck {}
}

package dev.hookwell.capture;

/** The result of checking a hook id with {@link HookKeys}. */
public sealed interface HookCheck {
  /** Issued by us, and its hook has not ended. */
  record Valid(HookId id) implements HookCheck {}

  /** Issued by us, but its hook has ended. */
  record Expired(HookId id) implements HookCheck {}

  /** Not an id that we issued. */
  record Unknown() implements HookCheck {}
}

package dev.hookwell.api.find;

/** A filter's verdict on a body. */
public enum BodyVerdict {
  HOLDS,
  FAILS,
  /** The body could not be read, so the verdict is unknown. */
  UNREAD
}

package dev.hookwell.api.find;

/** What a filter says of a body. */
public enum BodyVerdict {
  HOLDS,
  FAILS,
  /** The body could not be read, so nobody knows. */
  UNREAD
}

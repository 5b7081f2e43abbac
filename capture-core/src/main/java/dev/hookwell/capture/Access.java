package dev.hookwell.capture;

/** What a presented key allows. */
public enum Access {
  /** Nothing: it belongs to another hook, or to none. */
  NONE,
  /** Reading. */
  VIEW,
  /** Reading and deleting. */
  OWN
}

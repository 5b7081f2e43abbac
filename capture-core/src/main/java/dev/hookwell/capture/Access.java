package dev.hookwell.capture;

/** The rights that a presented key gives. */
public enum Access {
  /** Nothing: it belongs to another hook, or to none. */
  NONE,
  /** Reading. */
  VIEW,
  /** Reading and deleting. */
  OWN
}

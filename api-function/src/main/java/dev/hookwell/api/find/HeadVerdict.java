package dev.hookwell.api.find;

/** What filters say of a capture by its head. */
public enum HeadVerdict {
  HOLDS,
  FAILS,
  /** The body decides. */
  OPEN
}

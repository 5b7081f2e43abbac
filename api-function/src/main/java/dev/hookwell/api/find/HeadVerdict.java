package dev.hookwell.api.find;

/** The verdict of filters on a capture's head. */
public enum HeadVerdict {
  HOLDS,
  FAILS,
  /** The body decides. */
  OPEN
}

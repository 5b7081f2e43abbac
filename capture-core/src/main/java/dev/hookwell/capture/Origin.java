package dev.hookwell.capture;

/** What is known of the edge that a request came through. */
public enum Origin {
  /** No secret is configured: nothing is asked, and no header of an edge is believed. */
  UNPROVEN,
  /** It came through our edge: its headers are believed. */
  PROVEN,
  /** A secret is configured and the request does not carry it: answer 403. */
  REFUSED
}

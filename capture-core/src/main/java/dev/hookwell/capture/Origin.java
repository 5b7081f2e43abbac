package dev.hookwell.capture;

/** Whether a request has proved that it came through our edge. */
public enum Origin {
  /** No secret is configured: nothing is checked, and no header of an edge is believed. */
  UNPROVEN,
  /** It came through our edge: its headers are believed. */
  PROVEN,
  /** A secret is configured and the request does not carry it: answer 403. */
  REFUSED
}

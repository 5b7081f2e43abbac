package dev.hookwell.store;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock on which every look takes so long, as if the database did. */
final class TickingClock extends Clock {
  private final Duration look;
  private Instant now;

  TickingClock(Instant start, Duration look) {
    this.now = start;
    this.look = look;
  }

  @Override
  public synchronized Instant instant() {
    now = now.plus(look);
    return now;
  }

  @Override
  public ZoneOffset getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}

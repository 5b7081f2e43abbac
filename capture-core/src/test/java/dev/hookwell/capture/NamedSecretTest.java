package dev.hookwell.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

final class NamedSecretTest {
  private final Deque<String> values = new ArrayDeque<>();
  private Instant now = Instant.parse("2026-11-24T10:00:00Z");
  private final NamedSecret secret = new NamedSecret(this::read, new SettableClock());

  @Test
  void aValueIsReadWhenItIsNeededAndKeptForFiveMinutes() {
    values.addAll(List.of("first", "second"));

    assertEquals("first", secret.value());
    pass(NamedSecret.LIFE.minusMillis(1));
    assertEquals("first", secret.value());
    pass(Duration.ofMillis(1));
    assertEquals("second", secret.value());
  }

  @Test
  void aValueThatDoesNotWorkIsReadAgainButNotByEveryCallAtOnce() {
    values.addAll(List.of("old", "rotated", "unread"));

    secret.value();
    pass(Duration.ofSeconds(10));
    assertEquals("rotated", secret.reread());
    pass(Duration.ofSeconds(1));
    assertEquals("rotated", secret.reread());
  }

  @Test
  void anOldValueIsUsedWhereANewOneCannotBeRead() {
    values.add("old");
    secret.value();

    pass(NamedSecret.LIFE);

    assertEquals("old", secret.value());
    values.add("new");
    assertEquals("new", secret.value());
  }

  @Test
  void untilOneWasReadEveryCallTries() {
    assertThrows(SecretUnavailableException.class, secret::value);
    values.add("there now");
    assertEquals("there now", secret.value());
  }

  private String read() {
    if (values.isEmpty()) {
      throw new IllegalStateException("cannot be read");
    }
    return values.pop();
  }

  private void pass(Duration duration) {
    now = now.plus(duration);
  }

  private final class SettableClock extends Clock {
    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }
}

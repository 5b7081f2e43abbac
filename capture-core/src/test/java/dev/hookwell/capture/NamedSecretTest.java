package dev.hookwell.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

final class NamedSecretTest {
  private final Deque<String> values = new ArrayDeque<>();
  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-24T10:00:00Z"));
  private final NamedSecret secret = new NamedSecret(this::read, clock);

  @Test
  @Shows("S38")
  void aValueIsReadWhenItIsNeededAndKeptForFiveMinutes() {
    values.addAll(List.of("first", "second"));

    assertEquals("first", secret.value());
    clock.pass(NamedSecret.LIFE.minusMillis(1));
    assertEquals("first", secret.value());
    clock.pass(Duration.ofMillis(1));
    assertEquals("second", secret.value());
  }

  @Test
  void aValueThatDoesNotWorkIsReadAgainButNotByEveryCallAtOnce() {
    values.addAll(List.of("old", "rotated", "unread"));

    secret.value();
    clock.pass(Duration.ofSeconds(10));
    assertEquals("rotated", secret.reread());
    clock.pass(Duration.ofSeconds(1));
    assertEquals("rotated", secret.reread());
  }

  @Test
  void anOldValueIsUsedWhereANewOneCannotBeRead() {
    values.add("old");
    secret.value();

    clock.pass(NamedSecret.LIFE);

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
}

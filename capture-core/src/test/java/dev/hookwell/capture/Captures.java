package dev.hookwell.capture;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/** Test data: one ordinary capture, and ways to vary it. */
public final class Captures {
  /** A ring of one key, known to every test. */
  public static final String HOOK_KEYS = "1:aG9vay1rZXktZm9yLXRlc3RzLW9ubHktMzItYnl0ZXMhISE";

  /** A ring of one key, known to every test. */
  public static final String READER_KEYS = "1:cmVhZGVyLWtleS1mb3ItdGVzdHMtb25seS0zMi1ieXRlcyE";

  /** Makes hooks of seeds; known to every test. */
  public static final String SEED_KEY = "c2VlZC1rZXktZm9yLXRlc3RzLW9ubHktMzItYnl0ZXMhISE";

  public static final Instant RECEIVED_AT = Instant.parse("2026-11-24T10:15:30.123Z");

  /** The end of every test hook: 2036-01-01. */
  public static final Instant EXPIRES_AT = Instant.parse("2036-01-01T00:00:00Z");

  private Captures() {}

  /** The hook of a number: always the same id, which the golden files name. */
  public static HookId hook(int number) {
    MessageDigest digest = Sha256.digest();
    digest.update("hookwell-seed-1".getBytes(StandardCharsets.US_ASCII));
    digest.update(
        "a-seed-of-32-characters-for-tests-%04d"
            .formatted(number)
            .getBytes(StandardCharsets.US_ASCII));
    digest.update(ByteBuffer.allocate(4).putInt((int) EXPIRES_AT.getEpochSecond()).array());
    return HookKeys.parse(HOOK_KEYS)
        .sign(EXPIRES_AT, Arrays.copyOf(digest.digest(), HookId.RANDOM_BYTES));
  }

  /** A capture id that sorts by its number. */
  public static UUID id(long number) {
    return new UUID(0x0198_0000_0000_7000L | (number >>> 48), 0x8000_0000_0000_0000L | number);
  }

  /** A JSON POST to hook 1. */
  public static Capture capture() {
    return capture(1, 1, "{\"event\":\"paid\",\"amount\":1200}");
  }

  /** A JSON POST to a hook, with the capture id of this number. */
  public static Capture capture(int hook, long id, String body) {
    return capture(hook(hook), id, body.getBytes(StandardCharsets.UTF_8));
  }

  public static Capture capture(HookId hook, long id, byte[] body) {
    RequestHead request =
        new RequestHead(
            "apigw-http-2.0",
            "POST",
            "/h/" + hook.text() + "/orders",
            "page=1&sort=%2Bname",
            "HTTP/1.1",
            "192.0.2.7",
            List.of(
                new Header("content-type", "application/json"),
                new Header("user-agent", "billing/2.1"),
                new Header("x-dup", "a,b")),
            List.of("session=abc", "theme=dark"));
    return new Capture(
        id(id),
        hook,
        RECEIVED_AT.plusMillis(id),
        request,
        CapturedBody.of(Body.copyOf(body)),
        List.of());
  }
}

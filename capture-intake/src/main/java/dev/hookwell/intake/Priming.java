package dev.hookwell.intake;

import dev.hookwell.capture.CaptureIds;
import dev.hookwell.capture.Envelope;
import dev.hookwell.capture.EventLog;
import dev.hookwell.capture.HookPath;
import dev.hookwell.capture.OriginSecrets;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Passes one request through the whole intake while the function starts, up to the queue and not
 * into it: half of a first request's time is class loading. A failure is logged and changes
 * nothing.
 */
public final class Priming {
  private static final Instant NOW = Instant.EPOCH;

  private Priming() {}

  /**
   * Sends a request of its own to the intake, and nothing to the queue.
   *
   * @param queue sends by {@code http}
   */
  public static void run(
      IntakeSettings settings, CaptureQueue queue, PrimedHttpClient http, EventLog log) {
    CaptureQueue primed =
        envelope -> {
          http.respondToAll(respond(envelope));
          return queue.send(envelope);
        };
    // Nothing here is random or depends on the time, so every start does the same.
    Intake intake =
        new Intake(
            HookPath.PLAIN,
            new IntakeSettings(settings.hookKeys(), Set.of(), OriginSecrets.of(List.of()), true, 1),
            primed,
            Optional.empty(),
            new CaptureIds(Clock.fixed(NOW, ZoneOffset.UTC), () -> 0),
            Clock.fixed(NOW, ZoneOffset.UTC),
            new EventLog(line -> {}, Clock.fixed(NOW, ZoneOffset.UTC)),
            Responder.BY_SHAPE);
    try {
      int status = intake.respond(event(settings)).response().status();
      if (status != 200) {
        log.warn("start.not-primed", Map.of("status", status));
      }
    } catch (RuntimeException | LinkageError e) {
      log.error("start.not-primed", Map.of(), e);
    } finally {
      http.sendAll();
    }
  }

  private static InputStream event(IntakeSettings settings) {
    String hook = settings.hookKeys().issue(NOW.plus(Duration.ofDays(1)), () -> 0).text();
    String event =
        """
        {"version":"2.0","rawPath":"/h/%s","rawQueryString":"a=b","cookies":["a=b"],
         "headers":{"content-type":"application/json","user-agent":"priming"},
         "requestContext":{"requestId":"priming","timeEpoch":0,"http":{"method":"POST","protocol":"HTTP/1.1"}},
         "body":"e30=","isBase64Encoded":true}
        """
            .formatted(hook);
    return new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8));
  }

  /** A response as SQS gives it, with the checksum that the client verifies. */
  private static String respond(Envelope envelope) {
    try {
      byte[] text = envelope.text().getBytes(StandardCharsets.UTF_8);
      String md5 = HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(text));
      return "{\"MessageId\":\"priming\",\"MD5OfMessageBody\":\"" + md5 + "\"}";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }
}

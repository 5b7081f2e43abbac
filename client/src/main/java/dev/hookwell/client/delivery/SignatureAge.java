package dev.hookwell.client.delivery;

import dev.hookwell.client.Capture;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Warns when a signature has become too old: the sender's own library refuses it, although the
 * bytes are right.
 */
public final class SignatureAge {
  /** The age that the senders' libraries allow by default. */
  private static final Duration ALLOWED = Duration.ofMinutes(5);

  /** Headers of signatures that hold a time. */
  private static final List<String> TIMED =
      List.of(
          "stripe-signature", "x-slack-request-timestamp", "webhook-timestamp", "svix-timestamp");

  private SignatureAge() {}

  /** A warning for a capture that is delivered now. */
  public static Optional<String> warning(Capture capture, Instant now) {
    Duration age = Duration.between(capture.receivedAt(), now);
    if (age.compareTo(ALLOWED) <= 0
        || TIMED.stream().allMatch(name -> capture.header(name).isEmpty())) {
      return Optional.empty();
    }
    return Optional.of(
        "its signature is "
            + text(age)
            + " old: "
            + capture.sender().orElse("the sender")
            + "'s library takes 5 min, unless its tolerance is raised");
  }

  private static String text(Duration age) {
    if (age.toHours() < 2) {
      return age.toMinutes() + " min";
    }
    return age.toDays() < 3 ? age.toHours() + " h" : age.toDays() + " days";
  }
}

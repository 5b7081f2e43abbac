package dev.hookwell.api;

import dev.hookwell.api.find.BodyFacts;
import dev.hookwell.api.find.SearchedBody;
import dev.hookwell.capture.CapturedBody;
import dev.hookwell.store.StoredCapture;
import java.util.List;
import java.util.Optional;

/**
 * The service that sent a webhook, guessed from its headers for the reader's convenience: it proves
 * nothing.
 *
 * @param name the service's name
 * @param event the event, by the service's own name for it
 * @param deliveryId the same for every attempt to deliver one event
 * @param inBody the places of both in the service's bodies
 */
record Sender(String name, Optional<String> event, Optional<String> deliveryId, InBody inBody) {
  /** A service that is recognized by the header {@code mark}; the other headers may be missing. */
  private record Known(String name, String mark, String event, String deliveryId, InBody inBody) {
    Known(String name, String mark, String event, String deliveryId) {
      this(name, mark, event, deliveryId, InBody.NOWHERE);
    }
  }

  /** JSON pointers, and names of form fields; the first one present counts. */
  record InBody(List<String> event, List<String> deliveryId) {
    static final InBody NOWHERE = new InBody(List.of(), List.of());
  }

  /** A service's own headers stand before those of standards that it also follows. */
  private static final List<Known> KNOWN =
      List.of(
          new Known("GitHub", "x-github-event", "x-github-event", "x-github-delivery"),
          new Known("GitLab", "x-gitlab-event", "x-gitlab-event", "x-gitlab-event-uuid"),
          new Known("Bitbucket", "x-event-key", "x-event-key", "x-request-uuid"),
          new Known(
              "Stripe", "stripe-signature", "", "", new InBody(List.of("/type"), List.of("/id"))),
          new Known(
              "Slack",
              "x-slack-signature",
              "",
              "",
              new InBody(List.of("/event/type", "/type", "command"), List.of("/event_id"))),
          new Known("Shopify", "x-shopify-topic", "x-shopify-topic", "x-shopify-webhook-id"),
          new Known(
              "SendGrid",
              "x-twilio-email-event-webhook-signature",
              "",
              "",
              new InBody(List.of("/0/event"), List.of("/0/sg_event_id"))),
          new Known(
              "Twilio",
              "x-twilio-signature",
              "",
              "i-twilio-idempotency-token",
              new InBody(
                  List.of("MessageStatus", "SmsStatus", "CallStatus"),
                  List.of("MessageSid", "SmsSid", "CallSid"))),
          new Known(
              "Amazon SNS",
              "x-amz-sns-message-type",
              "x-amz-sns-message-type",
              "x-amz-sns-message-id"),
          new Known(
              "PayPal",
              "paypal-transmission-id",
              "",
              "paypal-transmission-id",
              new InBody(List.of("/event_type"), List.of())),
          new Known("Linear", "linear-event", "linear-event", "linear-delivery"),
          new Known("Svix", "svix-id", "", "svix-id", new InBody(List.of("/type"), List.of())),
          new Known(
              "Standard Webhooks",
              "webhook-id",
              "",
              "webhook-id",
              new InBody(List.of("/type"), List.of())),
          new Known("CloudEvents", "ce-id", "ce-type", "ce-id"));

  /** Mailgun signs in the body and is recognized by its user agent alone. */
  private static final String MAILGUN_AGENT = "mailgun/";

  private static final InBody OF_MAILGUN =
      new InBody(List.of("/event-data/event"), List.of("/event-data/id"));

  interface Headers {
    Optional<String> get(String lowerCaseName);
  }

  static Optional<Sender> of(Headers headers) {
    for (Known known : KNOWN) {
      if (headers.get(known.mark()).isPresent()) {
        return Optional.of(
            new Sender(
                known.name(),
                headers.get(known.event()),
                headers.get(known.deliveryId()),
                known.inBody()));
      }
    }
    return headers
        .get("user-agent")
        .filter(agent -> agent.startsWith(MAILGUN_AGENT))
        .map(agent -> new Sender("Mailgun", Optional.empty(), Optional.empty(), OF_MAILGUN));
  }

  static Optional<Sender> of(StoredCapture capture) {
    return of(name -> CaptureJson.header(capture.head().headers(), name));
  }

  boolean hasEventInBody() {
    return event.isEmpty() && !inBody.event().isEmpty();
  }

  boolean hasDeliveryIdInBody() {
    return deliveryId.isEmpty() && !inBody.deliveryId().isEmpty();
  }

  /**
   * The same sender, with the event and delivery id from the body where the headers have none.
   *
   * @param body empty where it was not read
   */
  Sender completedBy(Optional<CapturedBody> body) {
    return body.isPresent() && (hasEventInBody() || hasDeliveryIdInBody())
        ? body.get()
            .delivered()
            .map(bytes -> completedBy(BodyStart.of(bytes), bytes.size() <= SearchedBody.MOST_BYTES))
            .orElse(this)
        : this;
  }

  /**
   * The same with the body's first bytes.
   *
   * @param whole whether {@code start} is the whole body
   */
  Sender completedBy(byte[] start, boolean whole) {
    BodyFacts facts = new BodyFacts(start, whole);
    return new Sender(
        name,
        hasEventInBody() ? facts.first(inBody.event()) : event,
        hasDeliveryIdInBody() ? facts.first(inBody.deliveryId()) : deliveryId,
        inBody);
  }
}

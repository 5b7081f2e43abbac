package dev.hookwell.api;

import java.util.List;
import java.util.Optional;

/**
 * Who sent a webhook, as far as its headers tell: a guess for the reader's comfort and never a
 * proof.
 *
 * @param name of the service
 * @param event what happened, in the service's own words
 * @param deliveryId the same for every attempt of one delivery
 */
record Sender(String name, Optional<String> event, Optional<String> deliveryId) {
  /** Where a header of this name is there, the service is known; the others may be missing. */
  private record Known(String name, String mark, String event, String deliveryId) {}

  /** A service's own headers before the standards that it also follows. */
  private static final List<Known> KNOWN =
      List.of(
          new Known("GitHub", "x-github-event", "x-github-event", "x-github-delivery"),
          new Known("GitLab", "x-gitlab-event", "x-gitlab-event", "x-gitlab-event-uuid"),
          new Known("Bitbucket", "x-event-key", "x-event-key", "x-request-uuid"),
          new Known("Stripe", "stripe-signature", "", ""),
          new Known("Slack", "x-slack-signature", "", ""),
          new Known("Shopify", "x-shopify-topic", "x-shopify-topic", "x-shopify-webhook-id"),
          new Known("SendGrid", "x-twilio-email-event-webhook-signature", "", ""),
          new Known("Twilio", "x-twilio-signature", "", "i-twilio-idempotency-token"),
          new Known(
              "Amazon SNS",
              "x-amz-sns-message-type",
              "x-amz-sns-message-type",
              "x-amz-sns-message-id"),
          new Known("PayPal", "paypal-transmission-id", "", "paypal-transmission-id"),
          new Known("Linear", "linear-event", "linear-event", "linear-delivery"),
          new Known("Svix", "svix-id", "", "svix-id"),
          new Known("Standard Webhooks", "webhook-id", "", "webhook-id"),
          new Known("CloudEvents", "ce-id", "ce-type", "ce-id"));

  /** Mailgun signs in the body and is told by its agent alone. */
  private static final String MAILGUN_AGENT = "mailgun/";

  interface Headers {
    Optional<String> get(String lowerCaseName);
  }

  static Optional<Sender> of(Headers headers) {
    for (Known known : KNOWN) {
      if (headers.get(known.mark()).isPresent()) {
        return Optional.of(
            new Sender(known.name(), headers.get(known.event()), headers.get(known.deliveryId())));
      }
    }
    return headers
        .get("user-agent")
        .filter(agent -> agent.startsWith(MAILGUN_AGENT))
        .map(agent -> new Sender("Mailgun", Optional.empty(), Optional.empty()));
  }
}

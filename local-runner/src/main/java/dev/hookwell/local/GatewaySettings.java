package dev.hookwell.local;

import java.time.Duration;
import java.util.Optional;

/**
 * What the local gateway allows.
 *
 * @param port the port on 127.0.0.1; 0 takes a free one
 * @param originSecret when present, the gateway also plays the edge in front of it: it adds the
 *     path exactly as sent in {@code x-hookwell-raw-path}, this secret in {@code x-hookwell-origin}
 *     and the sender's address in {@code cf-connecting-ip}
 * @param maxHeadBytes request line and headers, with separators and line ends
 * @param maxPayloadBytes a request's body
 * @param maxEventBytes a request as JSON, which is what Lambda limits
 * @param maxAnswerBytes a function's answer as JSON
 * @param integrationTimeout how long the gateway waits for a function
 */
public record GatewaySettings(
    int port,
    Optional<String> originSecret,
    int maxHeadBytes,
    int maxPayloadBytes,
    int maxEventBytes,
    int maxAnswerBytes,
    Duration integrationTimeout) {

  /** The limits of an API Gateway HTTP API with a Lambda integration. */
  public static GatewaySettings ofAws(int port) {
    return new GatewaySettings(
        port,
        Optional.empty(),
        10_240,
        10 * 1024 * 1024,
        6_291_556,
        6_291_556,
        Duration.ofSeconds(30));
  }

  /** The same, playing the edge with this secret. */
  public GatewaySettings withOriginSecret(String secret) {
    return new GatewaySettings(
        port,
        Optional.of(secret),
        maxHeadBytes,
        maxPayloadBytes,
        maxEventBytes,
        maxAnswerBytes,
        integrationTimeout);
  }

  /** The same with another wait for a function. */
  public GatewaySettings withIntegrationTimeout(Duration timeout) {
    return new GatewaySettings(
        port, originSecret, maxHeadBytes, maxPayloadBytes, maxEventBytes, maxAnswerBytes, timeout);
  }
}

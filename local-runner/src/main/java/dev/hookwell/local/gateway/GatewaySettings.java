package dev.hookwell.local.gateway;

import dev.hookwell.local.machine.HeapShares;
import dev.hookwell.local.machine.ListenAddresses;
import java.time.Duration;
import java.util.Optional;

/**
 * The settings of the local gateway.
 *
 * @param port 0 takes a free one
 * @param addresses on which it listens
 * @param proxies whose headers about a request are believed
 * @param originSecret when present, the gateway also plays the edge in front of it: it adds the
 *     path exactly as sent in {@code x-hookwell-raw-path}, this secret in {@code x-hookwell-origin}
 *     and the sender's address in {@code cf-connecting-ip}
 * @param maxHeadBytes request line and headers, with separators and line ends
 * @param maxPayloadBytes a request's body
 * @param maxEventBytes a request as JSON, whose size Lambda limits
 * @param maxResponseBytes a function's response as JSON
 * @param integrationTimeout how long the gateway waits for a function
 * @param patience how long it waits on its connections
 * @param shares of the heap that it may take
 */
public record GatewaySettings(
    int port,
    ListenAddresses addresses,
    TrustedProxies proxies,
    Optional<String> originSecret,
    int maxHeadBytes,
    int maxPayloadBytes,
    int maxEventBytes,
    int maxResponseBytes,
    Duration integrationTimeout,
    GatewayPatience patience,
    HeapShares shares) {

  /** The limits of an API Gateway HTTP API with a Lambda integration. */
  public static GatewaySettings ofAws(int port) {
    return new GatewaySettings(
        port,
        ListenAddresses.loopback(),
        TrustedProxies.NONE,
        Optional.empty(),
        10_240,
        10 * 1024 * 1024,
        6_291_556,
        6_291_556,
        Duration.ofSeconds(30),
        GatewayPatience.DEFAULT,
        HeapShares.ofThisProcess());
  }

  /** The same, playing the edge with this secret. */
  public GatewaySettings withOriginSecret(String secret) {
    return with(Optional.of(secret), integrationTimeout, patience, shares);
  }

  /** The same on other addresses, and behind these proxies. */
  public GatewaySettings reachedBy(ListenAddresses addresses, TrustedProxies proxies) {
    return new GatewaySettings(
        port,
        addresses,
        proxies,
        originSecret,
        maxHeadBytes,
        maxPayloadBytes,
        maxEventBytes,
        maxResponseBytes,
        integrationTimeout,
        patience,
        shares);
  }

  /** The same with another wait for a function. */
  GatewaySettings withIntegrationTimeout(Duration timeout) {
    return with(originSecret, timeout, patience, shares);
  }

  /** The same with less or more patience. */
  GatewaySettings withPatience(GatewayPatience other) {
    return with(originSecret, integrationTimeout, other, shares);
  }

  /** The same with shares of another heap. */
  GatewaySettings withShares(HeapShares other) {
    return with(originSecret, integrationTimeout, patience, other);
  }

  private GatewaySettings with(
      Optional<String> secret, Duration timeout, GatewayPatience patience, HeapShares shares) {
    return new GatewaySettings(
        port,
        addresses,
        proxies,
        secret,
        maxHeadBytes,
        maxPayloadBytes,
        maxEventBytes,
        maxResponseBytes,
        timeout,
        patience,
        shares);
  }
}

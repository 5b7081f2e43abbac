package dev.hookwell.capture;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;

/**
 * The secrets by which the edge in front of the gateway proves itself: one, or several while they
 * are rotated. Without any, requests are not checked and no header of the edge is believed.
 */
public final class OriginSecrets {
  /** Carries the secret; removed before capture. */
  public static final String SECRET_HEADER = "x-hookwell-origin";

  /** Carries the path exactly as the sender sent it; removed before capture. */
  public static final String RAW_PATH_HEADER = "x-hookwell-raw-path";

  private final List<byte[]> digests;

  /** No secrets: the gateway is the edge. */
  public static final OriginSecrets NONE = new OriginSecrets(List.of());

  private OriginSecrets(List<byte[]> digests) {
    this.digests = digests;
  }

  public static OriginSecrets of(List<String> secrets) {
    return new OriginSecrets(secrets.stream().map(OriginSecrets::digest).toList());
  }

  /** Checks a request's secret. Compares in constant time, whatever its length. */
  public Origin check(GatewayRequest request) {
    if (digests.isEmpty()) {
      return Origin.UNPROVEN;
    }
    byte[] given = digest(request.header(SECRET_HEADER).orElse(""));
    boolean proven = false;
    for (byte[] expected : digests) {
      proven |= MessageDigest.isEqual(expected, given);
    }
    return proven ? Origin.PROVEN : Origin.REFUSED;
  }

  private static byte[] digest(String secret) {
    return Sha256.digest().digest(secret.getBytes(StandardCharsets.UTF_8));
  }
}

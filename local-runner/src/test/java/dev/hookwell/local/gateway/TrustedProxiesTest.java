package dev.hookwell.local.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hookwell.capture.Header;
import dev.hookwell.capture.Shows;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TrustedProxiesTest {
  private static final TrustedProxies PROXIES =
      TrustedProxies.parse(List.of("127.0.0.1", "10.1.0.0/16", "fd00::/8"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "127.0.0.1|203.0.113.7|203.0.113.7",
        // From the right: the first untrusted address may have made up all those left of it.
        "127.0.0.1|198.51.100.1, 203.0.113.7|203.0.113.7",
        "127.0.0.1|198.51.100.1, 203.0.113.7, 10.1.255.255, 10.1.0.0|203.0.113.7",
        "127.0.0.1|198.51.100.1, 203.0.113.7, 10.2.0.0|10.2.0.0",
        "127.0.0.1|198.51.100.1, 10.0.255.255|10.0.255.255",
        "127.0.0.1|10.1.0.1, 127.0.0.1|10.1.0.1",
        "127.0.0.1|203.0.113.7:4711|203.0.113.7",
        "127.0.0.1|[2001:db8::7]:4711|2001:db8::7",
        "127.0.0.1|2001:DB8:0:0::7|2001:db8::7",
        "127.0.0.1|203.0.113.7, fdff::1|203.0.113.7",
        "fd00::2|203.0.113.7|203.0.113.7",
        // No address: then the proxy's own is all that is known.
        "127.0.0.1|unknown|127.0.0.1",
        "127.0.0.1|203.0.113.7, _hidden, 10.1.0.9|10.1.0.9",
        "127.0.0.1|203.0.113.7,|127.0.0.1",
        "127.0.0.1|203.0.113.7%2|127.0.0.1",
        // Not one of them.
        "127.0.0.2|203.0.113.7|127.0.0.2",
        "10.2.0.0|203.0.113.7|10.2.0.0",
        "fc00::1|203.0.113.7|fc00::1",
      })
  @Shows("S43")
  void theClientIsTheFirstFromTheRightThatIsNoProxy(String peer, String forwarded, String client) {
    assertEquals(
        client, PROXIES.of(request(peer, new Header("X-Forwarded-For", forwarded))).client());
  }

  @Test
  void aSecondHeaderGoesOnWhereTheFirstEnds() {
    assertEquals(
        "203.0.113.7",
        PROXIES
            .of(
                request(
                    "127.0.0.1",
                    new Header("x-forwarded-for", "198.51.100.1"),
                    new Header("X-FORWARDED-FOR", "203.0.113.7")))
            .client());
  }

  @Test
  void schemeAndPortAreBelievedFromAProxyAlone() {
    Header https = new Header("X-Forwarded-Proto", "HTTPS");
    Header port = new Header("X-Forwarded-Port", "8443");
    Header senders = new Header("X-Forwarded-Proto", "http, https");

    assertEquals(origin("https", 443), PROXIES.of(request("127.0.0.1", https)));
    assertEquals(origin("https", 443), PROXIES.of(request("127.0.0.1", senders)));
    assertEquals(origin("https", 8443), PROXIES.of(request("127.0.0.1", https, port)));
    assertEquals(origin("http", 8443), PROXIES.of(request("127.0.0.1", port)));
    assertEquals(origin("http", 8080), PROXIES.of(request("127.0.0.1")));
    assertEquals(
        origin("http", 80),
        PROXIES.of(request("127.0.0.1", new Header("X-Forwarded-Proto", "http"))));
    assertEquals(
        origin("http", 8080),
        PROXIES.of(request("127.0.0.1", new Header("X-Forwarded-Proto", "javascript"))));
    for (String none : List.of("0", "65536", "x", "")) {
      assertEquals(
          origin("http", 8080),
          PROXIES.of(request("127.0.0.1", new Header("X-Forwarded-Port", none))));
    }
    assertEquals(
        origin("http", 65_535),
        PROXIES.of(request("127.0.0.1", new Header("X-Forwarded-Port", "65535"))));
    assertEquals(
        new TrustedProxies.Origin("192.0.2.9", "http", 8080),
        PROXIES.of(request("192.0.2.9", https, port)));
    assertEquals(origin("http", 8080), TrustedProxies.NONE.of(request("127.0.0.1", https, port)));
  }

  private static TrustedProxies.Origin origin(String scheme, int port) {
    return new TrustedProxies.Origin("127.0.0.1", scheme, port);
  }

  private static IncomingRequest request(String peer, Header... headers) {
    return new IncomingRequest(
        "GET",
        RequestTarget.parse("/").orElseThrow(),
        "HTTP/1.1",
        new ArrayList<>(List.of(headers)),
        new RequestBody(),
        peer,
        8080);
  }
}

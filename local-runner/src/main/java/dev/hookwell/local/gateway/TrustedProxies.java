package dev.hookwell.local.gateway;

import dev.hookwell.capture.Header;
import dev.hookwell.local.machine.ListenAddresses;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The proxies whose headers are believed about a request that they pass on: the address of its
 * sender ({@code X-Forwarded-For}), and the scheme and port that it was sent to ({@code
 * X-Forwarded-Proto}, {@code X-Forwarded-Port}). From any other address these are headers like all
 * others, which a sender may set as it likes. {@code Host} is never believed.
 */
public record TrustedProxies(List<Network> networks) {
  public static final TrustedProxies NONE = new TrustedProxies(List.of());

  private static final Pattern BITS = Pattern.compile("[0-9]{1,3}");
  private static final Pattern WITH_PORT =
      Pattern.compile("\\[([^\\[\\]]*)](?::[0-9]{1,5})?|([0-9.]+):[0-9]{1,5}");

  public TrustedProxies {
    networks = List.copyOf(networks);
  }

  /** A range of addresses: those that share the first bits. */
  record Network(InetAddress address, int bits) {
    public static Network parse(String text) {
      int slash = text.indexOf('/');
      Optional<InetAddress> address =
          ListenAddresses.literal(slash < 0 ? text : text.substring(0, slash));
      String bits = slash < 0 ? "" : text.substring(slash + 1);
      if (address.isEmpty() || (slash >= 0 && !BITS.matcher(bits).matches())) {
        throw new IllegalArgumentException(
            "must be an address or a network, as 127.0.0.1 or 10.0.0.0/8, not " + text);
      }
      int most = 8 * address.get().getAddress().length;
      int known = slash < 0 ? most : Integer.parseInt(bits);
      if (known > most) {
        throw new IllegalArgumentException("has more bits than an address: " + text);
      }
      if (known == 0) {
        throw new IllegalArgumentException(
            "would believe everybody with " + text + ": name the proxy's own address or network");
      }
      return new Network(address.get(), known);
    }

    boolean contains(InetAddress other) {
      byte[] ours = address.getAddress();
      byte[] theirs = other.getAddress();
      if (ours.length != theirs.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit % 8);
        if (((ours[bit / 8] ^ theirs[bit / 8]) & mask) != 0) {
          return false;
        }
      }
      return true;
    }
  }

  /**
   * The origin of a request, as far as it is believed.
   *
   * @param client the address that it comes from
   * @param scheme http or https
   * @param port to which the client sent it
   */
  record Origin(String client, String scheme, int port) {}

  /**
   * From addresses and networks as text.
   *
   * @throws IllegalArgumentException naming a text that is neither
   */
  public static TrustedProxies parse(List<String> texts) {
    return new TrustedProxies(texts.stream().map(Network::parse).toList());
  }

  /** The origin of a request. */
  Origin of(IncomingRequest request) {
    String peer = request.sourceIp();
    if (!trusts(peer)) {
      return new Origin(peer, "http", request.port());
    }
    Optional<String> scheme =
        lastOf(request, "x-forwarded-proto")
            .map(value -> value.toLowerCase(Locale.ROOT))
            .filter(value -> value.equals("http") || value.equals("https"));
    Optional<Integer> port =
        lastOf(request, "x-forwarded-port")
            .filter(value -> value.matches("[0-9]{1,5}"))
            .map(Integer::valueOf)
            .filter(value -> value >= 1 && value <= 65_535);
    return new Origin(
        client(peer, values(request, "x-forwarded-for")),
        scheme.orElse("http"),
        port.orElseGet(
            () -> scheme.map(value -> value.equals("https") ? 443 : 80).orElse(request.port())));
  }

  /**
   * Reads from the right, past all trusted addresses. Those left of the first other one may be made
   * up.
   */
  private String client(String peer, List<String> forwarded) {
    String client = peer;
    for (String value : forwarded.reversed()) {
      Optional<InetAddress> address = address(value);
      if (address.isEmpty()) {
        return client;
      }
      client = ListenAddresses.text(address.get());
      if (!trusts(client)) {
        return client;
      }
    }
    return client;
  }

  private boolean trusts(String text) {
    return !networks.isEmpty()
        && ListenAddresses.literal(text)
            .filter(address -> networks.stream().anyMatch(network -> network.contains(address)))
            .isPresent();
  }

  /** An address, to which some proxies add the client's port. */
  private static Optional<InetAddress> address(String value) {
    Matcher matcher = WITH_PORT.matcher(value);
    if (!matcher.matches()) {
      return ListenAddresses.literal(value);
    }
    return ListenAddresses.literal(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
  }

  private static Optional<String> lastOf(IncomingRequest request, String name) {
    List<String> values = values(request, name);
    return values.isEmpty() ? Optional.empty() : Optional.of(values.getLast());
  }

  private static List<String> values(IncomingRequest request, String name) {
    List<String> values = new ArrayList<>();
    for (Header header : request.headers()) {
      if (header.name().equalsIgnoreCase(name)) {
        for (String value : header.value().split(",", -1)) {
          values.add(value.strip());
        }
      }
    }
    return values;
  }
}

package dev.hookwell.local.machine;

import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The addresses on which the gateway listens. Loopback alone, unless others are named: both of its
 * addresses, since {@code localhost} means the one to some programs and the other to others.
 *
 * @param all at least one, each once
 */
public record ListenAddresses(List<InetAddress> all) {
  private static final InetAddress IPV4_LOOPBACK = literal("127.0.0.1").orElseThrow();
  private static final InetAddress IPV6_LOOPBACK = literal("::1").orElseThrow();

  public ListenAddresses {
    all = List.copyOf(all);
    if (all.isEmpty()) {
      throw new IllegalArgumentException("no address to listen on");
    }
  }

  /** {@code 127.0.0.1}, and {@code ::1} where this machine has it. */
  public static ListenAddresses loopback() {
    return new ListenAddresses(
        isOurs(IPV6_LOOPBACK) ? List.of(IPV4_LOOPBACK, IPV6_LOOPBACK) : List.of(IPV4_LOOPBACK));
  }

  /**
   * From addresses as text; {@code localhost} stands for both of loopback. Other names are refused:
   * they may resolve to another address later. {@code 0.0.0.0} and {@code ::} both stand for every
   * address of this machine, since the JDK opens a socket for IPv4 and IPv6 at once.
   *
   * @throws IllegalArgumentException naming a text that is no address, or an address that covers
   *     the others
   */
  public static ListenAddresses parse(List<String> texts) {
    Set<InetAddress> addresses = new LinkedHashSet<>();
    for (String text : texts) {
      if (text.equals("localhost")) {
        addresses.addAll(loopback().all());
      } else {
        addresses.add(
            literal(text)
                .orElseThrow(() ->
                    new IllegalArgumentException(
                        "must be an address, as 127.0.0.1, 0.0.0.0 or ::, not " + text)));
      }
    }
    ListenAddresses parsed = new ListenAddresses(new ArrayList<>(addresses));
    if (parsed.isEvery() && parsed.all().size() > 1) {
      throw new IllegalArgumentException(
          "0.0.0.0 and :: each stand for every address of this machine: name one of them, and no"
              + " other");
    }
    return parsed;
  }

  /** An IP address as it is written; a name is not resolved. */
  public static Optional<InetAddress> literal(String text) {
    boolean known = NetUtil.isValidIpV4Address(text) || NetUtil.isValidIpV6Address(text);
    return known && text.indexOf('%') < 0
        ? Optional.ofNullable(NetUtil.createInetAddressFromIpAddressString(text))
        : Optional.empty();
  }

  /** The shortest way to write it. */
  public static String text(InetAddress address) {
    return NetUtil.toAddressString(address);
  }

  /** The shortest way to write an address that the system gave, which may name its interface. */
  public static String canonical(String address) {
    return literal(address.replaceFirst("%.*", "")).map(ListenAddresses::text).orElse(address);
  }

  /** Whether only this machine reaches them. */
  public boolean isLoopback() {
    return all.stream().allMatch(InetAddress::isLoopbackAddress);
  }

  /** Whether one of them stands for every address of this machine. */
  public boolean isEvery() {
    return all.stream().anyMatch(InetAddress::isAnyLocalAddress);
  }

  /** The URL of the first of them; of loopback, where it stands for every address. */
  public String url(int port) {
    InetAddress first = all.getFirst();
    if (first.isAnyLocalAddress()) {
      first = first instanceof Inet6Address ? IPV6_LOOPBACK : IPV4_LOOPBACK;
    }
    String host = first instanceof Inet6Address ? "[" + text(first) + "]" : text(first);
    return "http://" + host + ":" + port;
  }

  /**
   * Fails when this machine does not have one of them.
   *
   * @throws IllegalArgumentException naming it
   */
  public void refuseForeign() {
    for (InetAddress address : all) {
      if (!address.isAnyLocalAddress() && !isOurs(address)) {
        throw new IllegalArgumentException(
            "this machine does not have the address "
                + text(address)
                + ": name one that it has by --host, or 0.0.0.0 for all of them");
      }
    }
  }

  private static boolean isOurs(InetAddress address) {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(one -> one.getInterfaceAddresses().stream())
          .filter(Objects::nonNull)
          .anyMatch(one -> covers(one, address));
    } catch (SocketException _) {
      return false;
    }
  }

  /** All of 127.0.0.0/8 is this machine's; of any other network its one address. */
  private static boolean covers(InterfaceAddress of, InetAddress address) {
    return (of.getAddress().isLoopbackAddress()
            && address.isLoopbackAddress()
            && of.getAddress().getClass().equals(address.getClass()))
        || of.getAddress().equals(address);
  }

  @Override
  public String toString() {
    return String.join(", ", all.stream().map(ListenAddresses::text).toList());
  }
}

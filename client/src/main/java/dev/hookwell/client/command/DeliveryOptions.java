package dev.hookwell.client.command;

import dev.hookwell.client.Header;
import dev.hookwell.client.Reasons;
import dev.hookwell.client.delivery.DeliverySettings;
import dev.hookwell.client.delivery.Target;
import dev.hookwell.client.delivery.Trust;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How captures are delivered. */
final class DeliveryOptions {
  private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration LONGEST_TIMEOUT = Duration.ofHours(1);

  @Option(
      names = "--path",
      paramLabel = "PATH",
      description = "Comes before the captures' own paths.")
  private Optional<String> path = Optional.empty();

  @Option(
      names = {"-H", "--header"},
      paramLabel = "'NAME: VALUE'",
      description =
          "A header beside the captured ones; it replaces those of its name. 'NAME:' takes them"
              + " away.")
  private List<Header> headers = List.of();

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description = "How long a delivery may take; 30s unless given.")
  private Optional<Duration> timeout = Optional.empty();

  @Option(
      names = {"-k", "--insecure"},
      description = "Accept any certificate of the target.")
  private boolean insecure;

  @Option(
      names = "--cacert",
      paramLabel = "FILE",
      description = "Accept the certificates of the target that these certify, in PEM.")
  private Optional<String> certificates = Optional.empty();

  DeliverySettings to(Target target, Surroundings surroundings) {
    Duration most = timeout.orElse(USUAL_TIMEOUT);
    if (most.isZero() || most.compareTo(LONGEST_TIMEOUT) > 0) {
      throw CommandException.usage("--timeout is more than nothing and at most 1h");
    }
    if (insecure && certificates.isPresent()) {
      throw CommandException.usage("give --insecure or --cacert, not both");
    }
    try {
      return new DeliverySettings(
          path.isPresent() ? target.below(path.get()) : target, trust(surroundings), headers, most);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(String.valueOf(e.getMessage()));
    }
  }

  /** Without a target they would do nothing. */
  void requireNone() {
    if (path.isPresent()
        || !headers.isEmpty()
        || timeout.isPresent()
        || insecure
        || certificates.isPresent()) {
      throw CommandException.usage(
          "--path, --header, --timeout, --insecure and --cacert are for deliveries: give a PORT or"
              + " URL to deliver to");
    }
  }

  private Trust trust(Surroundings surroundings) {
    if (insecure) {
      return Trust.ofAnything();
    }
    if (certificates.isEmpty()) {
      return Trust.ofJava();
    }
    try {
      return Trust.of(surroundings.file(certificates.get()));
    } catch (IOException e) {
      throw CommandException.usage(
          "can't use --cacert " + certificates.get() + ": " + Reasons.of(e));
    }
  }
}

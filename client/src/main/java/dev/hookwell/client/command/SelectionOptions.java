package dev.hookwell.client.command;

import dev.hookwell.client.Match;
import dev.hookwell.client.listen.StartingPoint;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Option;

/** The captures that a command takes. */
final class SelectionOptions {
  @Option(
      names = "--from",
      paramLabel = "SEQ",
      description = "Begin with this number; 1 is the hook's first capture.")
  private Optional<Long> from = Optional.empty();

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Begin with what was received this long ago: 30s, 5m, 2h or 7d.")
  private Optional<Duration> since = Optional.empty();

  @Option(
      names = "--match",
      paramLabel = "FILTER",
      description =
          "Only these, as in the page's filter: 'method:POST path:/pay* sender:stripe event:push"
              + " header:x-id:abc json:/data/status=failed word \"two words\" -without'. All that are"
              + " given have to be met; the server looks.")
  private List<Match> matches = List.of();

  Match match() {
    return matches.stream().reduce(Match.ALL, Match::and);
  }

  /** Whether any option is given. */
  boolean isGiven() {
    return from.isPresent() || since.isPresent() || !matches.isEmpty();
  }

  StartingPoint start(Clock clock) {
    if (from.isPresent() && since.isPresent()) {
      throw CommandException.usage("give --from or --since, not both");
    }
    if (from.isPresent() && from.get() < 1) {
      throw CommandException.usage("--from is a capture's number, 1 or more");
    }
    return new StartingPoint(
        from.map(OptionalLong::of).orElseGet(OptionalLong::empty),
        since.map(time -> clock.instant().minus(time)));
  }
}

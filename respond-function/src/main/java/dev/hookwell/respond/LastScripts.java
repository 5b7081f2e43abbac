package dev.hookwell.respond;

import dev.hookwell.capture.HookId;
import dev.hookwell.capture.script.HandshakeMode;
import dev.hookwell.capture.script.ResponseScript;
import dev.hookwell.capture.script.ResponseStep;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What this instance last saw of the scripts of hooks, for the minutes in which they cannot be
 * read: how a script goes on, and never a step of it that is counted or fails. Thread-safe.
 */
final class LastScripts {
  static final Duration LIFE = Duration.ofMinutes(10);

  private final int most;
  private final Map<UUID, Seen> seen = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param most hooks, of which those are forgotten that were used least lately
   */
  LastScripts(int most) {
    this.most = most;
  }

  /**
   * How a script went on when it was seen.
   *
   * @param number of the open step
   * @param open the open step where its status is 2xx
   */
  record Seen(HandshakeMode handshakes, int number, Optional<ResponseStep> open, Instant at) {}

  synchronized void keep(HookId hook, ResponseScript script, Instant now) {
    seen.put(
        hook.random(),
        new Seen(
            script.handshakes(),
            script.steps().size(),
            Optional.of(script.open()).filter(step -> step.status() < 300),
            now));
    if (seen.size() > most) {
      seen.remove(seen.keySet().iterator().next());
    }
  }

  /** The hook has no script. */
  synchronized void forget(HookId hook) {
    seen.remove(hook.random());
  }

  synchronized Optional<Seen> find(HookId hook, Instant now) {
    return Optional.ofNullable(seen.get(hook.random()))
        .filter(last -> now.isBefore(last.at().plus(LIFE)));
  }
}

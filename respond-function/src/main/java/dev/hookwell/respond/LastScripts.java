package dev.hookwell.respond;

import dev.hookwell.capture.HookId;
import dev.hookwell.capture.HookUid;
import dev.hookwell.capture.script.HandshakeMode;
import dev.hookwell.capture.script.ResponseScript;
import dev.hookwell.capture.script.ResponseStep;
import dev.hookwell.store.StoredScript;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What this instance last saw of the scripts of hooks, for the minutes in which they cannot be
 * read: how a script goes on, and never a step of it that is counted or fails. Thread-safe.
 */
final class LastScripts {
  static final Duration LIFE = Duration.ofMinutes(10);

  private final int most;
  private final Map<HookUid, Seen> seen = new LinkedHashMap<>(16, 0.75f, true);

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
   * @param open the open step
   * @param setAt when it was set or restarted
   * @param at when it was seen
   */
  record Seen(HandshakeMode handshakes, int number, ResponseStep open, Instant setAt, Instant at) {
    /** The open step where its status is 2xx, and not so slow that it is passed over by now. */
    Optional<ResponseStep> success(Instant now) {
      boolean over = open.fails() && !now.isBefore(setAt.plus(ResponseScript.FAILURES_LIFE));
      return Optional.of(open).filter(step -> step.status() < 300 && !over);
    }
  }

  synchronized void keep(HookId hook, StoredScript stored, Instant now) {
    ResponseScript script = stored.script();
    seen.put(
        hook.uid(),
        new Seen(script.handshakes(), script.steps().size(), script.open(), stored.setAt(), now));
    if (seen.size() > most) {
      seen.remove(seen.keySet().iterator().next());
    }
  }

  /** The hook has no script. */
  synchronized void forget(HookId hook) {
    seen.remove(hook.uid());
  }

  synchronized Optional<Seen> find(HookId hook, Instant now) {
    return Optional.ofNullable(seen.get(hook.uid()))
        .filter(last -> now.isBefore(last.at().plus(LIFE)));
  }
}

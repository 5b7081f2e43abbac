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
 * The scripts that this instance last read, for the minutes in which the store cannot be read. Of
 * each it keeps the handshake mode and the open step, and no other step. Thread-safe.
 */
final class LastScripts {
  static final Duration LIFE = Duration.ofMinutes(10);

  private final int most;
  private final Map<HookUid, Seen> seen = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param most the number of hooks; beyond it the least recently used one is forgotten
   */
  LastScripts(int most) {
    this.most = most;
  }

  /**
   * A script's handshake mode and open step, when it was read.
   *
   * @param number the open step's number in the script
   * @param setAt when the script was set or restarted
   * @param at when it was read
   */
  record Seen(HandshakeMode handshakes, int number, ResponseStep open, Instant setAt, Instant at) {
    /** The open step, if its status is 2xx and it is not so slow that it is passed over by now. */
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

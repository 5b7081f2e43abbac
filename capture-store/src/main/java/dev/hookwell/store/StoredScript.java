package dev.hookwell.store;

import dev.hookwell.capture.script.ResponseScript;
import dev.hookwell.capture.script.StepInTurn;
import java.time.Instant;
import java.util.List;

/**
 * A hook's script as it was read.
 *
 * @param generation another one each time that it is set or restarted
 * @param taken requests that counted steps have had since then
 * @param setAt when it was set or restarted
 * @param expiresAt when it goes, unless it is used before
 */
public record StoredScript(
    long generation, ResponseScript script, long taken, Instant setAt, Instant expiresAt) {
  /** The steps that may decide the next request. */
  public List<StepInTurn> inTurn(Instant now) {
    return script.inTurn(taken, setAt, now);
  }
}

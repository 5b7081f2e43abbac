package dev.hookwell.intake;

import dev.hookwell.capture.ConfigurationException;
import dev.hookwell.capture.Environment;
import dev.hookwell.capture.HookId;
import dev.hookwell.capture.HookKeys;
import dev.hookwell.capture.HookUid;
import dev.hookwell.capture.OriginSecrets;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/**
 * The settings of a function that receives.
 *
 * @param blockedHooks the hooks that the operator blocked
 * @param handshakes whether handshakes get the response that passes them
 * @param logOneIn one of so many kept captures gets a line in the log
 */
public record IntakeSettings(
    HookKeys hookKeys,
    Set<HookUid> blockedHooks,
    OriginSecrets originSecrets,
    boolean handshakes,
    int logOneIn) {
  private static final int MOST_LOG_ONE_IN = 1_000_000;

  public IntakeSettings {
    blockedHooks = Set.copyOf(blockedHooks);
  }

  /**
   * Reads {@code HOOK_KEYS}, {@code BLOCKED_HOOKS}, {@code ORIGIN_SECRETS}, {@code HANDSHAKES}
   * ({@code on} or {@code off}, by default {@code on}) and {@code LOG_ONE_IN} (1 to 1,000,000, by
   * default 1).
   *
   * @throws ConfigurationException naming the variable that is missing or wrong
   */
  public static IntakeSettings from(Environment environment) {
    Set<HookUid> blocked = new HashSet<>();
    for (String id : environment.list("BLOCKED_HOOKS")) {
      blocked.add(
          HookId.parse(id)
              .map(HookId::uid)
              .orElseThrow(() ->
                  new ConfigurationException("BLOCKED_HOOKS holds something that is no hook id")));
    }
    return new IntakeSettings(
        environment.required("HOOK_KEYS", HookKeys::parse),
        blocked,
        OriginSecrets.of(environment.list("ORIGIN_SECRETS")),
        environment.isOn("HANDSHAKES", true),
        (int) environment.number("LOG_ONE_IN", 1, 1, MOST_LOG_ONE_IN));
  }

  /** Whether a kept capture gets a line in the log: a random sample, by the id's last bits. */
  boolean logs(UUID captureId) {
    return Long.remainderUnsigned(captureId.getLeastSignificantBits(), logOneIn) == 0;
  }
}

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
 * What a function that receives is told at start.
 *
 * @param blockedHooks the hooks that the operator blocked
 * @param handshakes whether handshakes get the response that passes them
 * @param logOneIn of so many captures that were kept, one gets a line in the log
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
   * ({@code on}, unless it is {@code off}) and {@code LOG_ONE_IN} (1 to 1,000,000; 1 when unset).
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

  /** Whether the log gets a line of a capture that was kept: its id's last bits are random. */
  boolean logs(UUID captureId) {
    return Long.remainderUnsigned(captureId.getLeastSignificantBits(), logOneIn) == 0;
  }
}

package dev.hookwell.capture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Optional;

final class HookIdFuzzTest {
  private static final HookKeys KEYS = HookKeys.parse(Captures.HOOK_KEYS);

  @FuzzTest(maxDuration = "3m")
  void anIdHasOneSpellingAndNothingElseIsGenuine(byte[] input) {
    String text = new String(input, UTF_8);
    Optional<HookId> id = HookId.parse(text);

    id.ifPresent(read -> assertEquals(text, read.text()));
    switch (KEYS.check(text, Captures.RECEIVED_AT)) {
      case HookCheck.Unknown _ -> {}
      case HookCheck.Valid(HookId valid) -> assertEquals(id, Optional.of(valid));
      case HookCheck.Expired(HookId expired) -> assertEquals(id, Optional.of(expired));
    }
  }
}

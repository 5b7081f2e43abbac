package dev.hookwell.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

final class HookPathTest {
  @Test
  void aPathIsOneOfTheTwoOrNone() {
    assertEquals(Optional.of(HookPath.PLAIN), HookPath.of("/h/"));
    assertEquals(Optional.of(HookPath.SCRIPTED), HookPath.of("/s/id/x"));
    assertEquals(Optional.empty(), HookPath.of("/h"));
    assertEquals(Optional.empty(), HookPath.of("/H/id"));
    assertEquals(Optional.empty(), HookPath.of("h/id"));
  }

  @Test
  void theHookIsTheNextSegmentAndTheTailTheRest() {
    assertEquals("id", HookPath.PLAIN.hookPart("/h/id"));
    assertEquals("", HookPath.PLAIN.tail("/h/id"));
    assertEquals("id", HookPath.PLAIN.hookPart("/h/id/a/b"));
    assertEquals("/a/b", HookPath.PLAIN.tail("/h/id/a/b"));
    assertEquals("", HookPath.PLAIN.hookPart("/h//a"));
    assertEquals("/a", HookPath.PLAIN.tail("/h//a"));
    assertEquals("", HookPath.PLAIN.hookPart("/s/id"));
  }
}

package dev.hookwell.api;

import static dev.hookwell.capture.Events.event;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hookwell.capture.Capture;
import dev.hookwell.capture.Captures;
import dev.hookwell.capture.GatewayResponse;
import dev.hookwell.capture.Shows;
import dev.hookwell.store.PostgresServer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Deletion by an owner, and that it lasts. */
final class DeleteCapturesIT extends ApiFixture {
  @Test
  void theOwnerDeletesOneCaptureAndItDoesNotComeBack() {
    save(3);

    assertEquals(204, own("DELETE", HOOK_PATH + "/captures/2").status());
    assertEquals(404, own("DELETE", HOOK_PATH + "/captures/2").status());
    save(3);

    assertPage("after=0", List.of(1, 3), 3, false);
    assertEquals(
        "{\"stored\":3,\"available\":2,\"evicted\":0,\"deleted\":1,\"bytes\":16}",
        json(view(HOOK_PATH)).get("counts").toString());
  }

  @Test
  void theOwnerClearsTheHookAndWhatWasReceivedBeforeDoesNotComeBack() {
    save(3);

    assertEquals(204, own("DELETE", HOOK_PATH + "/captures").status());
    save(4);

    assertPage("after=0", List.of(), 0, false);
    assertEquals(
        "{\"stored\":3,\"available\":0,\"evicted\":0,\"deleted\":3,\"bytes\":0}",
        json(view(HOOK_PATH)).get("counts").toString());
    Capture later = Captures.capture(1, 70_000, "later");
    store(List.of(later));
    assertPage("after=0", List.of(4), 4, false);
  }

  @Test
  void aDeletedHookIsGoneAlsoBeforeItsFirstCapture() {
    assertEquals(204, own("DELETE", HOOK_PATH).status());
    assertEquals(204, own("DELETE", HOOK_PATH).status());
    save(2);

    assertEquals(2, json(view(HOOK_PATH)).get("dropped").intValue());
    assertEquals(410, view(HOOK_PATH + "/captures").status());
    assertEquals(410, own("DELETE", HOOK_PATH + "/captures").status());
    assertEquals(0, PostgresServer.number(url, "SELECT count(*) FROM captures"));
    assertEquals(2, PostgresServer.number(url, "SELECT dropped_count FROM hooks"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/captures", "/captures/1"})
  @Shows("S03")
  void deletingNeedsTheOwnersKey(String tail) {
    save(1);

    assertEquals(401, send(event("DELETE", HOOK_PATH + tail)).status());
    assertEquals(403, withKey("DELETE", HOOK_PATH + tail, "Bearer " + VIEW_KEY).status());
    assertPage("after=0", List.of(1), 1, false);
  }

  private GatewayResponse own(String method, String path) {
    return withKey(method, path, "Bearer " + READER_KEYS.ownerKey(HOOK));
  }
}

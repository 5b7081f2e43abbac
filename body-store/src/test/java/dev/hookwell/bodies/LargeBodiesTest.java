package dev.hookwell.bodies;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.capture.Body;
import dev.hookwell.capture.BodyStore;
import dev.hookwell.capture.Captures;
import dev.hookwell.capture.ConfigurationException;
import dev.hookwell.capture.Environment;
import dev.hookwell.capture.ObjectKey;
import dev.hookwell.capture.Sha256;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.SdkHttpClient;

final class LargeBodiesTest {
  private static final ObjectKey KEY = new ObjectKey(Captures.hook(1).uid(), Captures.id(1));
  private static final Body BODY = Body.copyOf("large".getBytes(UTF_8));
  private static final Sha256 SHA256 = Sha256.of(BODY);

  private int made;

  private SdkHttpClient.Builder<?> broken() {
    made++;
    throw new IllegalStateException("no client today");
  }

  private Optional<BodyStore> toWrite(Map<String, String> variables) {
    return LargeBodies.toWrite(new Environment(variables), this::broken);
  }

  @Test
  void theyAreOffUnlessTheyAreOn() {
    assertTrue(toWrite(Map.of("BODY_BUCKET", "b")).isEmpty());
    assertTrue(toWrite(Map.of("BODY_BUCKET", "b", "LARGE_BODIES", "off")).isEmpty());
    assertTrue(toWrite(Map.of("BODY_BUCKET", "b", "LARGE_BODIES", "on")).isPresent());
    for (Map<String, String> wrong :
        Set.of(Map.of("LARGE_BODIES", "on"), Map.of("LARGE_BODIES", "yes", "BODY_BUCKET", "b"))) {
      assertThrows(ConfigurationException.class, () -> toWrite(wrong));
    }
  }

  @Test
  void aClientThatCannotBeMadeIsAnOutcomeAndIsTriedAgain() {
    BodyStore store = toWrite(Map.of("BODY_BUCKET", "b", "LARGE_BODIES", "on")).orElseThrow();
    assertEquals(0, made, "it is made when it is needed");

    assertEquals(new BodyStore.Put.NotKept("IllegalStateException"), store.put(KEY, BODY, SHA256));
    assertEquals(
        new BodyStore.Got.Unavailable("IllegalStateException"),
        store.get(KEY, BODY.size(), SHA256));
    assertEquals(BodyStore.Deletion.failed("IllegalStateException"), store.delete(Set.of(KEY)));
    assertEquals(3, made);
  }
}

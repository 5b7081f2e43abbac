package dev.hookwell.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.hookwell.capture.Body;
import dev.hookwell.capture.BodyStore;
import dev.hookwell.capture.Capture;
import dev.hookwell.capture.Captures;
import dev.hookwell.capture.Environment;
import dev.hookwell.capture.EventLog;
import dev.hookwell.capture.Events;
import dev.hookwell.capture.GatewayResponse;
import dev.hookwell.capture.InMemoryBodyStore;
import dev.hookwell.capture.ObjectKey;
import dev.hookwell.capture.Sha256;
import dev.hookwell.capture.Shows;
import dev.hookwell.store.CaptureWriter;
import dev.hookwell.store.HookLimits;
import dev.hookwell.store.Stores;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bodies in the body store, read while their captures are deleted. */
final class ShowLargeBodyIT extends ApiFixture {
  private static final byte[] BYTES = randomBytes(300_000);

  private final InMemoryBodyStore objects = new InMemoryBodyStore();
  private final Capture capture = objects.takeBodyOf(Captures.capture(HOOK, 1, BYTES));

  /** A store in which something happens during the reading of a body. */
  private final class Meanwhile implements BodyStore {
    private final Runnable happens;

    Meanwhile(Runnable happens) {
      this.happens = happens;
    }

    @Override
    public Put put(ObjectKey key, Body body, Sha256 sha256) {
      return objects.put(key, body, sha256);
    }

    @Override
    public Got get(ObjectKey key, long size, Sha256 sha256) {
      happens.run();
      return objects.get(key, size, sha256);
    }

    @Override
    public Deletion delete(Collection<ObjectKey> keys) {
      return objects.delete(keys);
    }
  }

  private GatewayResponse body(Runnable meanwhile) {
    return body(meanwhile, Duration.ofSeconds(25));
  }

  private GatewayResponse body(Runnable meanwhile, Duration left) {
    new CaptureWriter(database, HookLimits.DEFAULT, clock, Stores.retries(clock))
        .save(List.of(capture), NOW.plusSeconds(30));
    ApiHandler api =
        new ApiHandler(
            ApiSettings.from(new Environment(environment), clock),
            database,
            Optional.of(new Meanwhile(meanwhile)),
            clock,
            new Random(3),
            pause -> {},
            new EventLog(log::add, clock));
    return api.respond(
        Events.event("GET", HOOK_PATH + "/captures/1/body")
            .header("authorization", "Bearer " + VIEW_KEY)
            .open(),
        clock.instant().plus(left));
  }

  private void delete(String path) {
    String owner = "Bearer " + READER_KEYS.ownerKey(HOOK);
    assertEquals(204, withKey("DELETE", path, owner).status());
    objects.delete(objects.keys());
  }

  @Test
  void itIsTheBytesThatWereSent() {
    assertArrayEquals(BYTES, body(() -> {}).body().toByteArray());
  }

  @Test
  void aCaptureThatIsDeletedMeanwhileIsGoneAndNothingIsDamaged() {
    assertEquals(404, body(() -> delete(HOOK_PATH + "/captures/1")).status());
    assertTrue(log.stream().noneMatch(line -> line.contains("BodyDamaged")), log::toString);
  }

  @Test
  void aHookThatIsDeletedMeanwhileIsGoneAndNothingIsDamaged() {
    assertEquals(410, body(() -> delete(HOOK_PATH)).status());
    assertTrue(log.stream().noneMatch(line -> line.contains("BodyDamaged")), log::toString);
  }

  @Test
  void aPlaceThatDoesNotAnswerIsNoDamageAndMeansLater() {
    assertUnavailable(body(objects::goDown), "down");
  }

  /** A slow database has used up the time: the function would end while it waits for the bytes. */
  @Test
  @Shows("F62")
  void withoutTheTimeToWaitForThemNobodyIsAskedForBytes() {
    Runnable never = () -> fail("it was asked");

    assertUnavailable(body(never, BodyStore.READ_PATIENCE.minusMillis(1)), "no-time");
    assertEquals(200, body(() -> {}, BodyStore.READ_PATIENCE).status());
  }

  private void assertUnavailable(GatewayResponse answer, String cause) {
    assertEquals(503, answer.status());
    assertTrue(text(answer).contains("body-unavailable"));
    assertEquals("5", answer.headers().get("retry-after"));
    assertTrue(log.getLast().contains("\"cause\":\"" + cause + '"'), log::toString);
    assertTrue(log.stream().noneMatch(line -> line.contains("BodyDamaged")), log::toString);
  }

  @Test
  void bytesThatAreGoneWithoutTheirRowAreDamage() {
    GatewayResponse answer = body(() -> objects.delete(objects.keys()));

    assertEquals(500, answer.status());
    assertTrue(text(answer).contains("body-damaged"));
    assertTrue(log.stream().anyMatch(line -> line.contains("BodyDamaged")), log::toString);
  }
}

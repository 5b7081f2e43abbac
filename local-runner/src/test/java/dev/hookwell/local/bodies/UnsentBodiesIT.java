package dev.hookwell.local.bodies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.bodies.FolderBodyStore;
import dev.hookwell.capture.BodyStore;
import dev.hookwell.capture.Capture;
import dev.hookwell.capture.Captures;
import dev.hookwell.capture.Envelope;
import dev.hookwell.capture.EnvelopeWriter;
import dev.hookwell.capture.ObjectKey;
import dev.hookwell.capture.SettableClock;
import dev.hookwell.capture.Shows;
import dev.hookwell.intake.Sent;
import dev.hookwell.local.folder.DataFolder;
import dev.hookwell.local.queue.Outbox;
import dev.hookwell.local.queue.OutboxTexts;
import dev.hookwell.local.queue.QueueSettings;
import dev.hookwell.store.BodyObjects;
import dev.hookwell.store.CaptureRemoval;
import dev.hookwell.store.CaptureWriter;
import dev.hookwell.store.Database;
import dev.hookwell.store.HookLimits;
import dev.hookwell.store.PostgresServer;
import dev.hookwell.store.StoreUnavailableException;
import dev.hookwell.store.Stores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Bodies that no row and no message points to are removed, and no others. */
final class UnsentBodiesIT {
  @RegisterExtension static final PostgresServer POSTGRES = new PostgresServer();

  private static final Clock WALL = Clock.systemUTC();
  private static final Instant ALWAYS = Instant.EPOCH;

  @TempDir private Path folder;

  private final String url = POSTGRES.freshSchema();
  private final Database database = Stores.open(url, 2);
  private final SettableClock steady = new SettableClock(Captures.RECEIVED_AT);
  private Outbox outbox;
  private FolderBodyStore bodies;

  @BeforeEach
  void open() throws IOException {
    outbox =
        Outbox.open(
            folder.resolve("outbox"),
            QueueSettings.ofTemplate(),
            WALL,
            () -> Long.MAX_VALUE,
            _ -> {});
    bodies = FolderBodyStore.open(folder.resolve("bodies"), _ -> true);
  }

  @AfterEach
  void close() {
    outbox.close();
    bodies.close();
    database.close();
  }

  private UnsentBodies started(Instant since) throws IOException {
    return new UnsentBodies(
        bodies, outbox, new BodyObjects(database, Stores.retries(WALL)), since, WALL, steady);
  }

  /** Puts a body, and gives the message that is to follow it. */
  private Envelope put(int hook, long id) {
    byte[] bytes = new byte[800_000];
    new Random(id).nextBytes(bytes);
    Capture plain = Captures.capture(Captures.hook(hook), id, bytes);
    Envelope envelope = EnvelopeWriter.writeWithBodyApart(plain);
    assertEquals(
        new BodyStore.Put.Kept(),
        bodies.put(ObjectKey.of(plain), plain.body().data(), plain.body().sha256()));
    return envelope;
  }

  private static ObjectKey key(Envelope envelope) {
    return ObjectKey.of(envelope.capture());
  }

  private Set<ObjectKey> there() throws IOException {
    return bodies.putSince(ALWAYS);
  }

  private void send(String text) {
    assertEquals(new Sent.Kept(), outbox.send(Captures.hook(1).uid(), text));
  }

  private void store(Envelope envelope) {
    new CaptureWriter(database, HookLimits.DEFAULT, WALL, Stores.retries(WALL))
        .save(List.of(envelope.capture()), WALL.instant().plusSeconds(30));
  }

  @Test
  void whatAnEarlierRunnerLeftWithoutAMessageGoesWithTheFirstLook() throws Exception {
    Envelope unsent = put(1, 1);
    Envelope waiting = put(1, 2);
    send(waiting.text());
    Envelope stored = put(2, 3);
    store(stored);

    assertEquals(1, started(ALWAYS).look());

    assertEquals(Set.of(key(waiting), key(stored)), there());
    assertEquals(0, started(ALWAYS).look());
    assertEquals(false, there().contains(key(unsent)));
  }

  @Test
  @Shows("F65")
  void whatIsPutNowGoesOnlyWhenItsSenderIsSurelyGone() throws Exception {
    UnsentBodies unsent = started(ALWAYS);
    Envelope late = put(1, 1);
    put(1, 2);

    assertEquals(0, unsent.look());
    steady.pass(UnsentBodies.CERTAINTY.minusMillis(1));
    assertEquals(0, unsent.look());
    send(late.text());
    steady.pass(Duration.ofMillis(1));
    assertEquals(1, unsent.look());

    assertEquals(Set.of(key(late)), there());
    store(late);
    outbox.delete(outbox.receive(10, Long.MAX_VALUE, Duration.ZERO));
    steady.pass(UnsentBodies.LATER);
    assertEquals(0, unsent.look());
    assertEquals(Set.of(key(late)), there());
  }

  /** For as long as it is one, and may be redriven. */
  @Test
  @Shows("F65")
  void aDeadLetterAndAMessageOfAnotherVersionKeepTheirs() throws Exception {
    Envelope dead = put(1, 1);
    Envelope newer = put(1, 2);
    send(dead.text());
    var received = outbox.receive(10, Long.MAX_VALUE, Duration.ZERO);
    for (int i = 0; i < QueueSettings.ofTemplate().maxReceiveCount() && !received.isEmpty(); i++) {
      outbox.returnAfter(received, _ -> Duration.ZERO);
      received = outbox.receive(10, Long.MAX_VALUE, Duration.ZERO);
    }
    assertEquals(List.of(dead.text()), OutboxTexts.dead(outbox));
    send("{\"v\":9,\"hook\":\"…\",\"named\":\"" + key(newer).capture() + "\"}");

    assertEquals(0, started(ALWAYS).look());

    assertEquals(Set.of(key(dead), key(newer)), there());
  }

  /**
   * Bodies of captures that the store has dropped or deleted are removed by retention, with their
   * rows.
   */
  @Test
  void whatCameForADeletedHookIsLeftToRetention() throws Exception {
    Envelope dropped = put(1, 1);
    new CaptureRemoval(database, WALL, Stores.retries(WALL)).deleteHook(Captures.hook(1));
    store(dropped);

    assertEquals(0, started(ALWAYS).look());

    assertEquals(Set.of(key(dropped)), there());
  }

  @Test
  void whatWasPutForAnotherDatabaseIsLeftAlone() throws Exception {
    Envelope others = put(1, 1);
    Path file = folder.resolve("bodies").resolve(key(others).path());
    Instant change = WALL.instant().minus(Duration.ofDays(1));
    Files.setLastModifiedTime(file, FileTime.from(change.minusMillis(1)));

    assertEquals(0, started(change).look());
    assertEquals(Set.of(key(others)), there());

    Files.setLastModifiedTime(file, FileTime.from(change));
    assertEquals(1, started(change).look());
  }

  @Test
  void aDatabaseThatCannotBeAskedLeavesAllAndTheNextLookGoesOn() throws Exception {
    Envelope unsent = put(1, 1);
    UnsentBodies bodiesWithoutMessage = started(ALWAYS);
    PostgresServer.execute(url, "ALTER TABLE body_objects RENAME TO elsewhere");

    assertThrows(StoreUnavailableException.class, bodiesWithoutMessage::look);
    assertEquals(Set.of(key(unsent)), there());

    PostgresServer.execute(url, "ALTER TABLE elsewhere RENAME TO body_objects");
    assertEquals(1, bodiesWithoutMessage.look());
    assertEquals(Set.of(), there());
  }

  @Test
  void filesThatAreNoBodiesAreLeftAlone() throws Exception {
    put(1, 1);
    Path hook = folder.resolve("bodies").resolve(Captures.hook(1).uid().toString());
    Files.writeString(hook.resolve("note"), "of the owner's");
    Files.createDirectory(folder.resolve("bodies").resolve("lost+found"));
    Files.writeString(folder.resolve("bodies/lost+found").resolve(UUID.randomUUID() + ""), "x");

    assertEquals(1, started(ALWAYS).look());

    assertEquals("of the owner's", Files.readString(hook.resolve("note")));
  }

  @Test
  void ofWhatWasPutForAnotherDatabaseOrBeforeTheLastHourNothingIsKnown() throws Exception {
    Instant first = Captures.RECEIVED_AT;
    Instant made = first.minusSeconds(7);
    Optional<String> builtIn = Optional.empty();
    Optional<String> other = Optional.of("postgresql://u:secret@db:26257/hooks");
    try (DataFolder data = DataFolder.open(folder.resolve("data"), new Random(1))) {
      Files.createDirectories(data.bodies());
      Files.setLastModifiedTime(data.bodies(), FileTime.from(first.minusSeconds(1)));

      assertEquals(first, LocalBodies.since(data, builtIn, made, first));
      assertEquals(first, LocalBodies.since(data, builtIn, made, first.plusSeconds(9)));
      Instant later = first.plus(Duration.ofHours(2));
      assertEquals(later.minus(Duration.ofHours(1)), LocalBodies.since(data, builtIn, made, later));

      Instant emptied = later.plusSeconds(1);
      assertEquals(emptied, LocalBodies.since(data, builtIn, emptied, emptied));
      Instant moved = later.plusSeconds(2);
      assertEquals(moved, LocalBodies.since(data, other, made, moved));
      Instant back = later.plusSeconds(3);
      assertEquals(back, LocalBodies.since(data, builtIn, made, back));

      // A clock that is behind the files.
      Files.setLastModifiedTime(data.bodies(), FileTime.from(back.plusSeconds(60)));
      assertEquals(back.plusSeconds(60).plusMillis(1), LocalBodies.since(data, other, made, back));
    }
  }

  @Test
  void aStoreKnowsWhenItWasMade() {
    BodyObjects rows = new BodyObjects(database, Stores.retries(WALL));
    assertEquals(rows.storeMadeAt(), rows.storeMadeAt());
    assertTrue(rows.storeMadeAt().isAfter(Instant.EPOCH));
  }
}

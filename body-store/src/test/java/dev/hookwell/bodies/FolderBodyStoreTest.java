package dev.hookwell.bodies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.capture.Body;
import dev.hookwell.capture.BodyStore;
import dev.hookwell.capture.BodyStoreContract;
import dev.hookwell.capture.Captures;
import dev.hookwell.capture.ObjectKey;
import dev.hookwell.capture.Sha256;
import dev.hookwell.capture.Shows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FolderBodyStoreTest extends BodyStoreContract {
  private static final ObjectKey KEY = new ObjectKey(Captures.hook(1).uid(), Captures.id(1));

  @TempDir private Path folder;
  private Path root;
  private FolderBodyStore store;

  @BeforeEach
  void open() throws IOException {
    root = folder.resolve("bodies");
    store = FolderBodyStore.open(root, _ -> true);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Override
  protected BodyStore store() {
    return store;
  }

  @Override
  protected void overwrite(ObjectKey key, byte[] bytes) throws IOException {
    Files.write(root.resolve(key.path()), bytes);
  }

  private static BodyStore.Put put(BodyStore store, int size) {
    return store.put(KEY, body(size), Sha256.of(body(size)));
  }

  @Test
  void onlyTheOwnerMayReadAnyOfIt() throws IOException {
    put(store, 100);

    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.toList()) {
        assertEquals(
            Files.isDirectory(path) ? "rwx------" : "rw-------",
            PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
      }
    }
  }

  @Test
  void whatAKilledProcessHadNotFinishedIsGoneAfterTheNextStart() throws IOException {
    put(store, 100);
    store.close();
    Files.write(root.resolve("drafts").resolve("0-" + KEY.capture()), new byte[50]);

    store = FolderBodyStore.open(root, _ -> true);

    assertEquals(List.of(), names(root.resolve("drafts")));
    assertEquals(new BodyStore.Got.Found(body(100)), store.get(KEY, 100, Sha256.of(body(100))));
  }

  @Test
  void aDiskWithoutRoomTakesNothing() throws IOException {
    store.close();
    store = FolderBodyStore.open(root, bytes -> bytes < 100);

    assertEquals(new BodyStore.Put.Kept(), put(store, 99));
    assertEquals(new BodyStore.Put.NotKept("disk-full"), put(store, 100));
  }

  @Test
  void aFolderThatCannotBeWrittenTakesNothing() throws IOException {
    Files.delete(root.resolve("drafts"));

    assertEquals(new BodyStore.Put.NotKept("disk-failed"), put(store, 100));
    assertEquals(new BodyStore.Got.Missing(), store.get(KEY, 100, Sha256.of(body(100))));
  }

  @Test
  void aClosedStoreTakesNothing() {
    store.close();

    assertEquals(new BodyStore.Put.NotKept("closed"), put(store, 100));
  }

  @Test
  void whatASenderWaitedTooLongForIsNotKept() throws Exception {
    store.close();
    store = FolderBodyStore.open(root, _ -> true, Duration.ZERO);
    BodyStore.Put put = put(store, 1000);
    store.close();

    boolean there = store.get(KEY, 1000, Sha256.of(body(1000))) instanceof BodyStore.Got.Found;
    assertEquals(put instanceof BodyStore.Put.Kept, there);
  }

  @Test
  void anInterruptedSenderIsToldAndStaysInterrupted() {
    Thread.currentThread().interrupt();
    BodyStore.Put put = put(store, 1000);

    assertTrue(Thread.interrupted());
    store.close();
    boolean there = store.get(KEY, 1000, Sha256.of(body(1000))) instanceof BodyStore.Got.Found;
    assertEquals(put instanceof BodyStore.Put.Kept, there);
  }

  @Test
  @Shows("F65")
  void whatIsOlderThanEveryMessageExpires() throws IOException {
    Instant now = Instant.parse("2026-11-30T12:00:00Z");
    ObjectKey young = new ObjectKey(KEY.hook(), Captures.id(2));
    ObjectKey alone = new ObjectKey(Captures.hook(2).uid(), Captures.id(3));
    for (ObjectKey key : List.of(KEY, young, alone)) {
      Body body = body(10);
      store.put(key, body, Sha256.of(body));
      Files.setLastModifiedTime(
          root.resolve(key.path()), FileTime.from(key.equals(young) ? now : now.minusSeconds(1)));
    }

    assertEquals(2, store.expire(now));

    assertEquals(Set.of("drafts", KEY.hook().toString()), Set.copyOf(names(root)));
    assertEquals(List.of(young.capture().toString()), names(root.resolve(KEY.hook().toString())));
    assertEquals(0, store.expire(now));
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}

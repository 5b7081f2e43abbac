package dev.hookwell.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The contract of every {@link BodyStore}. */
public abstract class BodyStoreContract {
  private static final HookUid HOOK = Captures.hook(1).uid();

  /** An empty store. */
  protected abstract BodyStore store();

  /** Writes these bytes where the body lies, past the store. */
  protected abstract void overwrite(ObjectKey key, byte[] bytes) throws Exception;

  private static ObjectKey key(int number) {
    return new ObjectKey(HOOK, Captures.id(number));
  }

  protected static Body body(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return Body.copyOf(bytes);
  }

  private static BodyStore.Put put(BodyStore store, ObjectKey key, Body body) {
    return store.put(key, body, Sha256.of(body));
  }

  private static BodyStore.Got get(BodyStore store, ObjectKey key, Body expected) {
    return store.get(key, expected.size(), Sha256.of(expected));
  }

  @Test
  void aBodyOfAnyKeptSizeIsReadAsItWasPut() {
    BodyStore store = store();
    for (int size : List.of(1, 900_000, CapturedBody.MAX_BYTES)) {
      Body body = body(size);
      assertEquals(new BodyStore.Put.Kept(), put(store, key(size), body));
      assertEquals(new BodyStore.Got.Found(body), get(store, key(size), body));
    }
  }

  @Test
  void theSameBodyMayBePutAgain() {
    BodyStore store = store();
    Body body = body(1000);
    put(store, key(1), body);

    assertEquals(new BodyStore.Put.Kept(), put(store, key(1), body));
    assertEquals(new BodyStore.Got.Found(body), get(store, key(1), body));
  }

  @Test
  void whatIsNotThereIsMissing() {
    BodyStore store = store();
    put(store, key(1), body(10));

    assertEquals(new BodyStore.Got.Missing(), get(store, key(2), body(10)));
    assertEquals(
        new BodyStore.Got.Missing(),
        get(store, new ObjectKey(Captures.hook(2).uid(), Captures.id(1)), body(10)));
  }

  @Test
  @Shows("F64")
  void whatWasAlteredCutOrMadeLongerIsDamaged() throws Exception {
    BodyStore store = store();
    Body body = body(1000);
    byte[] altered = body.toByteArray();
    altered[500] ^= 1;
    List<byte[]> wrong =
        List.of(
            altered,
            Arrays.copyOf(body.toByteArray(), 999),
            Arrays.copyOf(body.toByteArray(), 1001),
            new byte[0]);
    for (byte[] bytes : wrong) {
      put(store, key(1), body);
      overwrite(key(1), bytes);
      assertEquals(new BodyStore.Got.Damaged(), get(store, key(1), body), bytes.length + " bytes");
    }
    assertEquals(
        new BodyStore.Got.Damaged(),
        store.get(key(1), Long.MAX_VALUE, Sha256.of(body)),
        "no body is so long");
  }

  @Test
  void whatIsDeletedIsMissingAndItsNeighboursStay() {
    BodyStore store = store();
    List<ObjectKey> keys = IntStream.range(0, 5).mapToObj(BodyStoreContract::key).toList();
    keys.forEach(key -> put(store, key, body(100)));

    List<ObjectKey> some = List.of(key(0), key(3), key(9));
    assertEquals(BodyStore.Deletion.of(some), store.delete(some), "all");

    assertEquals(new BodyStore.Got.Missing(), get(store, key(0), body(100)));
    assertEquals(new BodyStore.Got.Missing(), get(store, key(3), body(100)));
    for (int left : List.of(1, 2, 4)) {
      assertEquals(new BodyStore.Got.Found(body(100)), get(store, key(left), body(100)));
    }
  }

  @Test
  void aHookWhoseLastBodyWasDeletedTakesAnother() {
    BodyStore store = store();
    put(store, key(1), body(10));
    store.delete(Set.of(key(1)));

    assertEquals(new BodyStore.Put.Kept(), put(store, key(2), body(10)));
    assertEquals(new BodyStore.Got.Found(body(10)), get(store, key(2), body(10)));
  }

  @Test
  void manyAreDeletedAtOnce() {
    BodyStore store = store();
    List<ObjectKey> keys = IntStream.range(0, 1001).mapToObj(BodyStoreContract::key).toList();
    put(store, keys.getFirst(), body(10));
    put(store, keys.getLast(), body(10));

    assertEquals(BodyStore.Deletion.of(keys), store.delete(keys));
    assertEquals(new BodyStore.Got.Missing(), get(store, keys.getFirst(), body(10)));
    assertEquals(new BodyStore.Got.Missing(), get(store, keys.getLast(), body(10)));
    assertEquals(BodyStore.Deletion.of(List.of()), store.delete(List.of()));
  }
}

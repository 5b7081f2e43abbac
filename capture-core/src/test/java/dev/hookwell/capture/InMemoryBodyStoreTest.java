package dev.hookwell.capture;

final class InMemoryBodyStoreTest extends BodyStoreContract {
  private final InMemoryBodyStore store = new InMemoryBodyStore();

  @Override
  protected BodyStore store() {
    return store;
  }

  @Override
  protected void overwrite(ObjectKey key, byte[] bytes) {
    store.put(key, Body.copyOf(bytes), Sha256.of(Body.EMPTY));
  }
}

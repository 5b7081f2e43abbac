package dev.hookwell.capture;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** A body store for unit tests, which passes the contract of the real ones. */
public final class InMemoryBodyStore implements BodyStore {
  private final Map<ObjectKey, Body> bodies = new ConcurrentHashMap<>();
  private final Set<ObjectKey> locked = ConcurrentHashMap.newKeySet();
  private volatile boolean down;

  @Override
  public Put put(ObjectKey key, Body body, Sha256 sha256) {
    if (down) {
      return new Put.NotKept("down");
    }
    bodies.put(key, body);
    return new Put.Kept();
  }

  @Override
  public Got get(ObjectKey key, long size, Sha256 sha256) {
    if (down) {
      return new Got.Unavailable("down");
    }
    Body body = bodies.get(key);
    return body == null ? new Got.Missing() : Got.of(body.toByteArray(), size, sha256);
  }

  @Override
  public Deletion delete(Collection<ObjectKey> keys) {
    if (down) {
      return Deletion.failed("down");
    }
    Set<ObjectKey> gone = new HashSet<>(keys);
    gone.removeAll(locked);
    bodies.keySet().removeAll(gone);
    Map<ObjectKey, String> refused = new HashMap<>();
    keys.stream().filter(locked::contains).forEach(key -> refused.put(key, "locked"));
    return new Deletion(gone, refused, Optional.empty());
  }

  /** Puts the body of a capture here, and gives the capture without it. */
  public Capture takeBodyOf(Capture capture) {
    CapturedBody body = capture.body();
    put(ObjectKey.of(capture), body.data(), body.sha256());
    return new Capture(
        capture.id(),
        capture.hook(),
        capture.receivedAt(),
        capture.request(),
        new CapturedBody(BodyEncoding.OBJECT, Body.EMPTY, body.size(), body.sha256()),
        capture.notes());
  }

  /** The keys of the stored bodies. */
  public Set<ObjectKey> keys() {
    Set<ObjectKey> keys = new TreeSet<>(Comparator.comparing(ObjectKey::path));
    keys.addAll(bodies.keySet());
    return keys;
  }

  /** From now on none of these can be deleted. */
  public void lock(Collection<ObjectKey> keys) {
    locked.addAll(keys);
  }

  public void unlock() {
    locked.clear();
  }

  public void goDown() {
    down = true;
  }

  public void comeBack() {
    down = false;
  }
}

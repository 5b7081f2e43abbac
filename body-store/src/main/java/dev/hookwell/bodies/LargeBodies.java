package dev.hookwell.bodies;

import dev.hookwell.capture.Body;
import dev.hookwell.capture.BodyStore;
import dev.hookwell.capture.ConfigurationException;
import dev.hookwell.capture.Environment;
import dev.hookwell.capture.ObjectKey;
import dev.hookwell.capture.Sha256;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.http.SdkHttpClient;

/** The store of large bodies that a function's environment names. Loads no client yet. */
public final class LargeBodies {
  private LargeBodies() {}

  /**
   * For a function that receives: by {@code LARGE_BODIES} ({@code on} or {@code off}, by default
   * {@code off}) and {@code BODY_BUCKET}. Empty when it is off: then no version that cannot read
   * objects meets one.
   *
   * @param http the kind of client that the function has for its queue, which reports a refusal's
   *     reason even where the server did not read the whole body
   * @throws ConfigurationException naming the variable that is missing or wrong
   */
  public static Optional<BodyStore> toWrite(
      Environment environment, Supplier<SdkHttpClient.Builder<?>> http) {
    return environment.isOn("LARGE_BODIES", false)
        ? Optional.of(bucket(environment.required("BODY_BUCKET"), http))
        : Optional.empty();
  }

  /** For a function that reads or deletes: by {@code BODY_BUCKET} alone. */
  public static Optional<BodyStore> toRead(Environment environment) {
    return environment.optional("BODY_BUCKET").map(name -> bucket(name, S3BodyStore::readersHttp));
  }

  private static BodyStore bucket(String name, Supplier<SdkHttpClient.Builder<?>> http) {
    return new LoadedWhenNeeded(() -> S3BodyStore.of(name, http.get()));
  }

  /**
   * Most invocations need no bucket, and loading its client takes longer than all their other work.
   */
  private static final class LoadedWhenNeeded implements BodyStore {
    private final Supplier<BodyStore> load;
    private Optional<BodyStore> loaded = Optional.empty();

    LoadedWhenNeeded(Supplier<BodyStore> load) {
      this.load = load;
    }

    /** If the client cannot be made, the next call tries again. */
    private synchronized BodyStore store() {
      if (loaded.isEmpty()) {
        try {
          loaded = Optional.of(load.get());
        } catch (RuntimeException e) {
          return new NotLoaded(e.getClass().getSimpleName());
        }
      }
      return loaded.get();
    }

    @Override
    public Put put(ObjectKey key, Body body, Sha256 sha256) {
      return store().put(key, body, sha256);
    }

    @Override
    public Got get(ObjectKey key, long size, Sha256 sha256) {
      return store().get(key, size, sha256);
    }

    @Override
    public Deletion delete(Collection<ObjectKey> keys) {
      return store().delete(keys);
    }
  }

  /** Keeps, finds and deletes nothing, and says why. */
  private record NotLoaded(String cause) implements BodyStore {
    @Override
    public Put put(ObjectKey key, Body body, Sha256 sha256) {
      return new Put.NotKept(cause);
    }

    @Override
    public Got get(ObjectKey key, long size, Sha256 sha256) {
      return new Got.Unavailable(cause);
    }

    @Override
    public Deletion delete(Collection<ObjectKey> keys) {
      return Deletion.failed(cause);
    }
  }
}

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

/** Where a function's environment says that large bodies lie. Loads no client yet. */
public final class LargeBodies {
  private LargeBodies() {}

  /**
   * For a function that receives: by {@code LARGE_BODIES} ({@code off}, unless it is {@code on})
   * and {@code BODY_BUCKET}. Empty when it is off: then no version that cannot read them meets one.
   *
   * @param http the client that the function has for its queue, which tells a refusal's reason also
   *     where the server did not read the body to its end
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

  /** Most invocations need none, and loading the client takes longer than all else they do. */
  private static final class LoadedWhenNeeded implements BodyStore {
    private final Supplier<BodyStore> load;
    private Optional<BodyStore> loaded = Optional.empty();

    LoadedWhenNeeded(Supplier<BodyStore> load) {
      this.load = load;
    }

    /** A client that could not be made is made again by the next call. */
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

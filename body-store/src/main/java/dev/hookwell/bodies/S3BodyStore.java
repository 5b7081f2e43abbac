package dev.hookwell.bodies;

import dev.hookwell.capture.Body;
import dev.hookwell.capture.BodyStore;
import dev.hookwell.capture.CapturedBody;
import dev.hookwell.capture.ObjectKey;
import dev.hookwell.capture.Sha256;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;

/**
 * Bodies as objects of a bucket, {@code random/captureId}. S3 accepts a body only if it has the
 * SHA-256 that is sent with it.
 */
public final class S3BodyStore implements BodyStore {
  private static final int ATTEMPTS = 2;

  /**
   * The socket timeout of a reader's client. After the call's own timeout a read that still waits
   * ends with the next byte, or after this time.
   */
  private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(2);

  private static final Duration READ_TIMEOUT = READ_PATIENCE.minus(SOCKET_TIMEOUT);

  private static final Duration DELETE_TIMEOUT = DELETE_PATIENCE.minus(SOCKET_TIMEOUT);

  /** The most keys that one call of S3 takes. */
  private static final int DELETED_AT_ONCE = 1000;

  private final S3Client s3;
  private final String bucket;

  public S3BodyStore(S3Client s3, String bucket) {
    this.s3 = s3;
    this.bucket = bucket;
  }

  /** A bucket, by the environment's credentials. */
  static S3BodyStore of(String bucket, SdkHttpClient.Builder<?> http) {
    return new S3BodyStore(clientBuilder(http).build(), bucket);
  }

  /** The HTTP client of a function that reads or deletes: a small one. */
  static SdkHttpClient.Builder<?> readersHttp() {
    return UrlConnectionHttpClient.builder()
        .connectionTimeout(PATIENCE)
        .socketTimeout(SOCKET_TIMEOUT);
  }

  static S3ClientBuilder clientBuilder(SdkHttpClient.Builder<?> http) {
    return S3Client.builder()
        .httpClientBuilder(http)
        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
        .overrideConfiguration(o -> o.retryStrategy(r -> r.maxAttempts(ATTEMPTS)));
  }

  @Override
  public Put put(ObjectKey key, Body body, Sha256 sha256) {
    try {
      s3.putObject(
          put ->
              put.bucket(bucket)
                  .key(key.path())
                  .contentType("application/octet-stream")
                  .checksumSHA256(Base64.getEncoder().encodeToString(sha256.toByteArray()))
                  .overrideConfiguration(o -> o.apiCallTimeout(PATIENCE)),
          RequestBody.fromContentProvider(body::open, body.size(), "application/octet-stream"));
      return new Put.Kept();
    } catch (RuntimeException e) {
      return new Put.NotKept(cause(e));
    }
  }

  @Override
  public Got get(ObjectKey key, long size, Sha256 sha256) {
    if (size > CapturedBody.MAX_BYTES) {
      return new Got.Damaged();
    }
    try {
      byte[] read =
          s3.getObject(
              GetObjectRequest.builder()
                  .bucket(bucket)
                  .key(key.path())
                  .overrideConfiguration(o -> o.apiCallTimeout(READ_TIMEOUT))
                  .build(),
              (_, in) -> read(in, (int) size + 1));
      return Got.of(read, size, sha256);
    } catch (NoSuchKeyException _) {
      return new Got.Missing();
    } catch (RuntimeException e) {
      return new Got.Unavailable(cause(e));
    }
  }

  /** Reads within the call, so that its timeout covers the bytes, too. */
  private static byte[] read(AbortableInputStream in, int most) {
    try {
      byte[] read = in.readNBytes(most);
      if (read.length == most) {
        // A body that is too long is not read to its end.
        in.abort();
      }
      return read;
    } catch (IOException e) {
      throw RetryableException.builder().message("the body broke off").cause(e).build();
    }
  }

  @Override
  public Deletion delete(Collection<ObjectKey> keys) {
    Set<ObjectKey> gone = new HashSet<>();
    Map<ObjectKey, String> refused = new HashMap<>();
    List<ObjectKey> all = List.copyOf(keys);
    for (int i = 0; i < all.size(); i += DELETED_AT_ONCE) {
      Deletion some = deleteSome(all.subList(i, Math.min(all.size(), i + DELETED_AT_ONCE)));
      gone.addAll(some.gone());
      refused.putAll(some.refused());
      if (some.failure().isPresent()) {
        return new Deletion(gone, refused, some.failure());
      }
    }
    return new Deletion(gone, refused, Optional.empty());
  }

  private Deletion deleteSome(List<ObjectKey> keys) {
    Map<String, ObjectKey> left = new HashMap<>();
    List<ObjectIdentifier> names = new ArrayList<>();
    for (ObjectKey key : keys) {
      left.put(key.path(), key);
      names.add(ObjectIdentifier.builder().key(key.path()).build());
    }
    try {
      DeleteObjectsResponse response =
          s3.deleteObjects(delete ->
              delete
                  .bucket(bucket)
                  .delete(d -> d.objects(names).quiet(true))
                  .overrideConfiguration(o -> o.apiCallTimeout(DELETE_TIMEOUT)));
      Map<ObjectKey, String> refused = new HashMap<>();
      for (S3Error error : response.errors()) {
        ObjectKey key = left.remove(error.key());
        if (key != null) {
          refused.put(key, String.valueOf(error.code()));
        }
      }
      return new Deletion(Set.copyOf(left.values()), refused, Optional.empty());
    } catch (RuntimeException e) {
      return Deletion.failed(cause(e));
    }
  }

  private static String cause(Exception failure) {
    return switch (failure) {
      case AwsServiceException e when e.awsErrorDetails() == null -> "status-" + e.statusCode();
      case AwsServiceException e -> String.valueOf(e.awsErrorDetails().errorCode());
      case ApiCallTimeoutException _ -> "timeout";
      case ApiCallAttemptTimeoutException _ -> "timeout";
      // The client's own exceptions, and those of a closed or broken client.
      case Exception e -> e.getClass().getSimpleName();
    };
  }
}

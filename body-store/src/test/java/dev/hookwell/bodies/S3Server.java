package dev.hookwell.bodies;

import dev.hookwell.capture.Body;
import dev.hookwell.capture.BodyStore;
import dev.hookwell.capture.ObjectKey;
import dev.hookwell.capture.Sha256;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** A server of S3's protocol on a free port, with a bucket in a folder. */
public final class S3Server implements AutoCloseable {
  public static final String BUCKET = "hookwell-bodies";

  /** The access key of the only user. */
  public static final String IDENTITY = "local";

  public static final String CREDENTIAL = "local-secret";

  private final S3Proxy server;

  private S3Server(S3Proxy server) {
    this.server = server;
  }

  /** Starts it, with its data in the folder. */
  public static S3Server start(Path folder) throws Exception {
    S3Proxy server =
        S3Proxy.builder()
            .blobStore(new FilesystemNio2BlobStore(folder.toString()))
            .endpoint(URI.create("http://127.0.0.1:0"))
            .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, IDENTITY, CREDENTIAL)
            .build();
    server.start();
    S3Server started = new S3Server(server);
    try (S3Client client = started.reader()) {
      client.createBucket(bucket -> bucket.bucket(BUCKET));
    }
    return started;
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + server.getPort());
  }

  /** A client as in the functions that receive. */
  S3Client writer() {
    return writer(address());
  }

  /** The same for another address. */
  static S3Client writer(URI address) {
    Duration second = Duration.ofSeconds(1);
    return client(
        address, Apache5HttpClient.builder().connectionTimeout(second).socketTimeout(second));
  }

  /** A client as in the functions that read or delete. */
  S3Client reader() {
    return reader(address());
  }

  /** The same for another address. */
  static S3Client reader(URI address) {
    return client(address, S3BodyStore.readersHttp());
  }

  /** The bucket at an address, with the client of the function that makes each kind of call. */
  public static BodyStore bucket(URI address) {
    return bucket(writer(address), reader(address), BUCKET);
  }

  static BodyStore bucket(S3Client writer, S3Client reader, String bucket) {
    BodyStore writing = new S3BodyStore(writer, bucket);
    BodyStore reading = new S3BodyStore(reader, bucket);
    return new BodyStore() {
      @Override
      public Put put(ObjectKey key, Body body, Sha256 sha256) {
        return writing.put(key, body, sha256);
      }

      @Override
      public Got get(ObjectKey key, long size, Sha256 sha256) {
        return reading.get(key, size, sha256);
      }

      @Override
      public Deletion delete(Collection<ObjectKey> keys) {
        return reading.delete(keys);
      }
    };
  }

  private static S3Client client(URI address, SdkHttpClient.Builder<?> http) {
    return S3BodyStore.clientBuilder(http)
        .endpointOverride(address)
        .forcePathStyle(true)
        .region(Region.EU_CENTRAL_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create(IDENTITY, CREDENTIAL)))
        .build();
  }

  @Override
  public void close() throws IOException {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IOException("the server did not stop", e);
    }
  }
}

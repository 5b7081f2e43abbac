package dev.hookwell.bodies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.capture.Body;
import dev.hookwell.capture.BodyStore;
import dev.hookwell.capture.BodyStoreContract;
import dev.hookwell.capture.CapturedBody;
import dev.hookwell.capture.Captures;
import dev.hookwell.capture.ObjectKey;
import dev.hookwell.capture.Sha256;
import dev.hookwell.capture.Shows;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Against a real server of S3's protocol. */
final class S3BodyStoreIT extends BodyStoreContract {
  private static final ObjectKey KEY = new ObjectKey(Captures.hook(1).uid(), Captures.id(1));

  @TempDir private static Path folder;
  private static S3Server server;
  private S3Client writer;
  private S3Client reader;

  @BeforeAll
  static void start() throws Exception {
    server = S3Server.start(folder);
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @BeforeEach
  void emptyBucket() {
    writer = server.writer();
    reader = server.reader();
    keys().forEach(key -> reader.deleteObject(d -> d.bucket(S3Server.BUCKET).key(key)));
  }

  @AfterEach
  void closeClients() {
    writer.close();
    reader.close();
  }

  private List<String> keys() {
    return reader.listObjectsV2(list -> list.bucket(S3Server.BUCKET)).contents().stream()
        .map(S3Object::key)
        .toList();
  }

  @Override
  protected BodyStore store() {
    return store(S3Server.BUCKET);
  }

  private BodyStore store(String bucket) {
    return S3Server.bucket(writer, reader, bucket);
  }

  @Override
  protected void overwrite(ObjectKey key, byte[] bytes) {
    Body body = Body.copyOf(bytes);
    assertEquals(new BodyStore.Put.Kept(), store().put(key, body, Sha256.of(body)));
  }

  private static BodyStore.Put put(BodyStore store, Body body) {
    return store.put(KEY, body, Sha256.of(body));
  }

  @Test
  void anObjectIsNamedByHookAndCapture() {
    put(store(), body(10));

    assertEquals(List.of(Captures.hook(1).uid() + "/" + Captures.id(1)), keys());
  }

  /** S3 compares the checksum itself: a body that was damaged on the way is not kept. */
  @Test
  @Shows("F63")
  void aBodyThatHasAnotherSha256IsNotTaken() {
    BodyStore store = store();

    BodyStore.Put put = store.put(KEY, body(1000), Sha256.of(body(1001)));

    assertTrue(put instanceof BodyStore.Put.NotKept, put.toString());
    assertEquals(List.of(), keys());
  }

  @Test
  @Shows("F62")
  void aBucketThatIsNotThereRefusesAndSaysWhy() {
    BodyStore none = store("no-such-bucket");

    assertEquals(new BodyStore.Put.NotKept("NoSuchBucket"), put(none, body(10)));
    assertEquals(
        new BodyStore.Got.Unavailable("NoSuchBucket"), none.get(KEY, 10, Sha256.of(body(10))));
  }

  @Test
  @Shows("F62")
  void aServerThatIsDownKeepsNothing() throws IOException {
    URI nobody;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }
    try (S3Client down = S3Server.writer(nobody)) {
      BodyStore store = new S3BodyStore(down, S3Server.BUCKET);

      assertTrue(put(store, body(10)) instanceof BodyStore.Put.NotKept);
      assertTrue(store.get(KEY, 10, Sha256.of(body(10))) instanceof BodyStore.Got.Unavailable);
      assertTrue(store.delete(Set.of(KEY)).failure().isPresent());
    }
  }

  /** Each part of 4 KiB comes within any client's timeout, and all of them would take minutes. */
  @Test
  @Shows("F62")
  void aSlowServerIsGivenUpAsAWhole() throws IOException {
    Body body = body(CapturedBody.MAX_BYTES);
    put(store(), body);
    try (SlowWay way = new SlowWay(server.address(), 4096, 200);
        S3Client writing = S3Server.writer(way.address());
        S3Client reading = S3Server.reader(way.address())) {
      BodyStore toWrite = new S3BodyStore(writing, S3Server.BUCKET);
      BodyStore toRead = new S3BodyStore(reading, S3Server.BUCKET);

      assertEquals(
          new BodyStore.Put.NotKept("timeout"),
          within(Duration.ofSeconds(3), () -> put(toWrite, body)));
      assertEquals(
          new BodyStore.Got.Unavailable("timeout"),
          within(
              BodyStore.READ_PATIENCE,
              () -> toRead.get(KEY, CapturedBody.MAX_BYTES, Sha256.of(body))));
    }
  }

  /** The response to a deletion is short, so each of its bytes is delayed. */
  @Test
  @Shows("F67")
  void aServerThatIsSlowToDeleteIsGivenUp() throws IOException {
    put(store(), body(10));
    try (SlowWay way = new SlowWay(server.address(), 1, 100);
        S3Client reading = S3Server.reader(way.address())) {
      BodyStore slow = new S3BodyStore(reading, S3Server.BUCKET);

      assertEquals(
          BodyStore.Deletion.failed("timeout"),
          within(BodyStore.DELETE_PATIENCE, () -> slow.delete(Set.of(KEY))));
    }
  }

  private static <T> T within(Duration limit, Supplier<T> work) {
    long start = System.nanoTime();
    T result = work.get();
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertTrue(took.compareTo(limit) < 0, () -> result + " after " + took);
    return result;
  }

  /**
   * It accepts the connection and then neither reads nor responds: the largest body has to wait.
   */
  @Test
  @Shows("F62")
  void aServerThatStandsStillIsGivenUp() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        S3Client still = S3Server.writer(URI.create("http://127.0.0.1:" + socket.getLocalPort()))) {
      BodyStore store = new S3BodyStore(still, S3Server.BUCKET);

      // A function has 6 s, of which the queue may take 2.5 s afterwards.
      assertEquals(
          new BodyStore.Put.NotKept("timeout"),
          within(Duration.ofSeconds(3), () -> put(store, body(CapturedBody.MAX_BYTES))));
    }
  }
}

package dev.hookwell.acceptance.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hookwell.acceptance.support.BodyFiles;
import dev.hookwell.capture.CapturedBody;
import dev.hookwell.capture.Shows;
import dev.hookwell.local.Client;
import dev.hookwell.local.Deadline;
import dev.hookwell.local.LocalRunner;
import dev.hookwell.local.LocalSystem;
import dev.hookwell.local.postgres.Postmaster;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The runner as a process of its own, treated as users treat one. */
final class KillIT {
  private static final String READY = "Hookwell is ready: ";

  @TempDir private Path folder;

  private final List<Process> started = new ArrayList<>();
  private final Map<String, String> digests = new ConcurrentHashMap<>();
  private final Random random = new Random();

  @AfterEach
  void endAll() throws Exception {
    for (Process process : started) {
      process.destroy();
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    }
  }

  private record Runner(Process process, Path output) {
    String printed() {
      try {
        return Files.readString(output);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  private Runner launch(int port) throws IOException {
    return launch(port, "-Xmx1g");
  }

  private Runner launch(int port, String heap) throws IOException {
    Path output = folder.resolve("output-" + started.size());
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseParallelGC",
                heap,
                "-cp",
                System.getProperty("java.class.path"),
                LocalRunner.class.getName(),
                "--port",
                String.valueOf(port),
                "--data",
                data().toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    started.add(process);
    return new Runner(process, output);
  }

  private Path data() {
    return folder.resolve("data");
  }

  /** Its address, once it has printed it. */
  private static URI address(Runner runner) throws InterruptedException {
    Deadline deadline = Deadline.inSeconds(90);
    while (!runner.printed().contains(READY)) {
      assertTrue(runner.process().isAlive(), runner.printed());
      deadline.check(runner.printed());
      TimeUnit.MILLISECONDS.sleep(50);
    }
    return URI.create(
        runner
            .printed()
            .lines()
            .filter(line -> line.startsWith(READY))
            .findFirst()
            .orElseThrow()
            .substring(READY.length()));
  }

  private void keep(Client client, Client.Hook hook, String text) {
    byte[] body = text.getBytes(UTF_8);
    HttpResponse<String> answer = client.post(hook, "text/plain", body);
    assertEquals(200, answer.statusCode(), answer.body());
    digests.put(Client.json(answer.body()).get("id").textValue(), Client.sha256(body));
  }

  /** Each that was acknowledged, once. One that was refused by a slow queue may be there too. */
  private void assertAllKept(Client client, Client.Hook hook) {
    List<JsonNode> captures =
        client.await(hook, stored -> stored.stream().filter(this::kept).count() >= digests.size());
    Map<String, String> expected = new HashMap<>(digests);
    captures.forEach(capture ->
        expected.putIfAbsent(capture.get("id").textValue(), capture.get("bodySha256").textValue()));
    Client.assertEachOnceInOrder(expected, captures);
  }

  private boolean kept(JsonNode capture) {
    return digests.containsKey(capture.get("id").textValue());
  }

  /** The server's process; one that was killed is started again within seconds. */
  private long postmaster() throws InterruptedException {
    Deadline deadline = Deadline.inSeconds(60);
    while (server().isEmpty()) {
      deadline.check("no PostgreSQL");
      TimeUnit.MILLISECONDS.sleep(20);
    }
    return server().orElseThrow().pid();
  }

  private Optional<ProcessHandle> server() {
    return new Postmaster(data().resolve("postgres/data"), data().resolve("postgres/binaries"))
        .find();
  }

  /** The server, then its children. */
  private List<ProcessHandle> postgres() {
    ProcessHandle server = server().orElseThrow();
    return Stream.concat(Stream.of(server), server.descendants()).toList();
  }

  /** Its children too, as when the machine's disk hangs. */
  private void signalDatabase(String signal) throws Exception {
    for (ProcessHandle process : postgres()) {
      signal(signal, process.pid());
    }
  }

  private static void signal(String signal, long pid) throws Exception {
    assertEquals(0, new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start().waitFor());
  }

  private static void kill(long pid) throws Exception {
    signal("KILL", pid);
  }

  @Test
  @Tag("long")
  void aKilledRunnerAndAKilledDatabaseLoseNothing() throws Exception {
    Runner first = launch(0);
    URI address = address(first);
    Client.Hook hook;
    try (Client client = new Client(address)) {
      hook = client.createHook();
      for (int i = 0; i < 50; i++) {
        keep(client, hook, "before " + i);
      }
      kill(postmaster());
      for (int i = 0; i < 50; i++) {
        keep(client, hook, "without a database " + i);
      }
      client.awaitReadable(hook);
      Client.assertEachOnceInOrder(digests, client.await(hook, 100));
      for (int i = 0; i < 50; i++) {
        keep(client, hook, "just before the kill " + i);
      }
    }
    kill(first.process().pid());
    first.process().waitFor();

    Runner second = launch(address.getPort());
    try (Client client = new Client(address(second))) {
      keep(client, hook, "after");
      Deadline deadline = Deadline.inSeconds(120);
      while (client.read(hook, "").get("lastSeq").intValue() < 151) {
        deadline.check("not everything came back");
        TimeUnit.MILLISECONDS.sleep(500);
      }
      Client.assertEachOnceInOrder(digests, client.await(hook, 151));
    }
  }

  @Test
  void aRunnerKilledWhileItsDatabaseHangsStartsAgainWithAllThatWasAcknowledged() throws Exception {
    Runner first = launch(0);
    URI address = address(first);
    Client.Hook hook;
    List<ProcessHandle> hanging;
    try (Client client = new Client(address)) {
      hook = client.createHook();
      keep(client, hook, "stored");
      client.await(hook, 1);
      hanging = postgres();
      signalDatabase("STOP");
      for (int i = 0; i < 20; i++) {
        keep(client, hook, "while it hangs " + i);
      }
    }
    kill(first.process().pid());
    first.process().waitFor();

    Runner second = launch(address.getPort());
    try (Client client = new Client(address(second))) {
      assertAllKept(client, hook);
    }
    assertTrue(hanging.size() > 1, "it has no children");
    assertTrue(hanging.stream().noneMatch(ProcessHandle::isAlive), hanging::toString);
  }

  /**
   * A request to a URL with a script waits for the database when its body is on the disk already,
   * and the database stands still: there the runner is killed.
   */
  @Test
  @Tag("long")
  @Shows("F65")
  void aRunnerKilledBetweenABodyAndItsMessageAcknowledgedNothingAndLeavesNothing()
      throws Exception {
    Runner runner = launch(0);
    URI address = address(runner);
    Client.Hook hook;
    byte[] body = randomBody();
    try (Client client = new Client(address)) {
      hook = client.createHook();
      keep(client, hook, "before");
      digests.put(client.postKept(hook, "application/octet-stream", body), Client.sha256(body));
      client.await(hook, 2);
    }
    Set<Path> kept = bodies(hook);
    assertEquals(1, kept.size(), kept::toString);

    Set<Path> left;
    do {
      OptionalInt answered = killBetween(runner, hook);
      left = bodies(hook);
      left.removeAll(kept);
      assertEquals(OptionalInt.empty(), answered, "nobody can have been told");
      assertEquals(1, left.size(), left::toString);
      runner = launch(address.getPort());
      try (Client client = new Client(address(runner))) {
        awaitGoneOrStored(client, hook, left.iterator().next());
        for (JsonNode capture : client.await(hook, digests.size())) {
          // One that was in the queue at the kill is kept, whole.
          digests.putIfAbsent(capture.get("id").textValue(), capture.get("bodySha256").textValue());
          byte[] read = client.body(hook, capture.get("id").textValue());
          assertEquals(capture.get("bodySha256").textValue(), Client.sha256(read));
        }
        kept = bodies(hook);
        assertAllKept(client, hook);
      }
    } while (Files.exists(left.iterator().next()));
    assertEquals(digests.size() - 1, kept.size(), "a body for each row, and no other");
  }

  private byte[] randomBody() {
    byte[] body = new byte[CapturedBody.MAX_BYTES];
    random.nextBytes(body);
    return body;
  }

  /**
   * Kills the runner between a body and its message. Gives the status that the sender got, if any.
   */
  private OptionalInt killBetween(Runner runner, Client.Hook hook) throws Exception {
    Set<Path> before = bodies(hook);
    try (Client client = new Client(hook.url().resolve("/"));
        ExecutorService sender = Executors.newSingleThreadExecutor()) {
      signalDatabase("STOP");
      Future<OptionalInt> answered = sender.submit(() -> sendScripted(client, hook));
      Deadline deadline = Deadline.inSeconds(30);
      while (bodies(hook).equals(before)) {
        deadline.check("no body was put");
      }
      runner.process().destroyForcibly().waitFor();
      return answered.get();
    }
  }

  private OptionalInt sendScripted(Client client, Client.Hook hook) {
    try {
      return OptionalInt.of(
          client
              .send(
                  HttpRequest.newBuilder(URI.create(hook.url().toString().replace("/h/", "/s/")))
                      .header("content-type", "application/octet-stream")
                      .POST(HttpRequest.BodyPublishers.ofByteArray(randomBody())))
              .statusCode());
    } catch (AssertionError e) {
      if (e.getCause() instanceof IOException) {
        return OptionalInt.empty();
      }
      throw e;
    }
  }

  private static void awaitGoneOrStored(Client client, Client.Hook hook, Path body)
      throws InterruptedException {
    Deadline deadline = Deadline.inSeconds(120);
    while (Files.exists(body)
        && client.await(hook, 1).stream()
            .noneMatch(capture -> body.endsWith(capture.get("id").textValue()))) {
      deadline.check(body + " is still there, and nothing points to it");
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  private Set<Path> bodies(Client.Hook hook) throws IOException {
    Path folder = BodyFiles.folder(data(), hook);
    if (!Files.exists(folder)) {
      return Set.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.collect(Collectors.toCollection(HashSet::new));
    }
  }

  @Test
  @Tag("long")
  void aSecondRunnerOnTheFolderSaysSoAndLeavesTheFirstAlone() throws Exception {
    Runner first = launch(0);
    try (Client client = new Client(address(first))) {
      Client.Hook hook = client.createHook();
      keep(client, hook, "before");

      Runner second = launch(0);
      assertTrue(second.process().waitFor(60, TimeUnit.SECONDS), second.printed());
      assertEquals(1, second.process().exitValue(), second.printed());
      List<String> lines =
          second.printed().lines().filter(line -> line.startsWith("hookwell: ")).toList();
      assertEquals(1, lines.size(), second.printed());
      assertTrue(lines.getFirst().contains(data().toString()), lines.getFirst());

      keep(client, hook, "after");
      Client.assertEachOnceInOrder(digests, client.await(hook, 2));
    }
  }

  /** {@code -Dhookwell.kills=N}: so many times the runner, the database, and both. */
  @Test
  @Tag("long")
  @EnabledIfSystemProperty(
      named = "hookwell.kills",
      matches = "[0-9]+",
      disabledReason = "takes minutes: by hand")
  void killsInTheMiddleOfALoadLoseNothing() throws Exception {
    int kills = Integer.getInteger("hookwell.kills", 2);
    Runner runner = launch(0);
    URI address = address(runner);
    Client.Hook hook;
    try (Client client = new Client(address)) {
      hook = client.createHook();
    }
    for (int i = 0; i < 3 * kills; i++) {
      load(address, hook, runner, Victim.values()[i % 3]);
      if (!runner.process().isAlive()) {
        runner = launch(address.getPort());
        address(runner);
      }
    }
    try (Client client = new Client(address)) {
      client.awaitReadable(hook);
      keep(client, hook, "at the end");
      assertAllKept(client, hook);
    }
  }

  private enum Victim {
    RUNNER,
    DATABASE,
    BOTH
  }

  /** Sends from many threads, and kills meanwhile. */
  private void load(URI address, Client.Hook hook, Runner runner, Victim victim) throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    try (Client client = new Client(address);
        ExecutorService senders = Executors.newFixedThreadPool(16)) {
      List<Future<?>> sending = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        sending.add(senders.submit(() -> sendUntil(over, client, hook)));
      }
      try {
        TimeUnit.MILLISECONDS.sleep(500 + random.nextInt(1000));
        if (victim != Victim.RUNNER) {
          kill(postmaster());
        }
        if (victim != Victim.DATABASE) {
          TimeUnit.MILLISECONDS.sleep(random.nextInt(50));
          kill(runner.process().pid());
          runner.process().waitFor();
        } else {
          TimeUnit.MILLISECONDS.sleep(random.nextInt(500));
        }
      } finally {
        over.set(true);
      }
      for (Future<?> one : sending) {
        one.get();
      }
    }
  }

  /** Sends until it is over. A request without a 200 need not be kept. */
  private void sendUntil(AtomicBoolean over, Client client, Client.Hook hook) {
    while (!over.get()) {
      byte[] body = UUID.randomUUID().toString().repeat(1 + random.nextInt(20)).getBytes(UTF_8);
      try {
        HttpResponse<String> answer = client.post(hook, "text/plain", body);
        if (answer.statusCode() == 200) {
          digests.put(Client.json(answer.body()).get("id").textValue(), Client.sha256(body));
        }
      } catch (AssertionError e) {
        if (!(e.getCause() instanceof IOException)) {
          throw e;
        }
      }
    }
  }

  @Test
  @Tag("long")
  @EnabledIfSystemProperty(
      named = "hookwell.kills",
      matches = "[0-9]+",
      disabledReason = "takes minutes: by hand")
  void moreThanTheMemoryHoldsWaitsOnTheDisk() throws Exception {
    Runner runner = launch(0, "-Xmx256m");
    try (Client client = new Client(address(runner))) {
      Client.Hook hook = client.createHook();
      keep(client, hook, "before");
      client.await(hook, 1);
      signalDatabase("STOP");

      Deadline deadline = Deadline.inSeconds(300);
      while (digests.size() < 300) {
        // Random, so that it does not get smaller on its way.
        byte[] body = new byte[700_000];
        random.nextBytes(body);
        HttpResponse<String> answer = client.post(hook, "application/octet-stream", body);
        if (answer.statusCode() == 200) {
          digests.put(Client.json(answer.body()).get("id").textValue(), Client.sha256(body));
        } else {
          // A slow disk.
          assertEquals(503, answer.statusCode(), answer.body());
        }
        deadline.check("only " + digests.size() + " kept");
      }

      signalDatabase("CONT");
      assertAllKept(client, hook);
      keep(client, hook, "after");
      assertAllKept(client, hook);
    }
  }

  @Test
  @Shows("F51")
  void anOlderFolderIsBroughtUpToDateWithAllThatItHolds() throws Exception {
    Client.Hook hook;
    int port;
    try (LocalSystem system = LocalSystem.start(Client.settings(data(), 0));
        Client client = new Client(system.address())) {
      port = system.address().getPort();
      hook = client.createHook();
      keep(client, hook, "stored by an earlier version");
      client.await(hook, 1);
      // As it was before the last two changes of the schema, which the runs of a version make.
      try (Connection connection = system.ownDatabase().orElseThrow().connect();
          Statement statement = connection.createStatement()) {
        statement.execute("DROP TABLE bodies");
        statement.execute("DROP INDEX hooks_due");
        statement.execute("DELETE FROM schema_history WHERE version IN (2, 4)");
      }
    }
    try (LocalSystem system = LocalSystem.start(Client.settings(data(), port));
        Client client = new Client(system.address())) {
      keep(client, hook, "x".repeat(20_000));
      Client.assertEachOnceInOrder(digests, client.await(hook, 2));
    }
  }
}

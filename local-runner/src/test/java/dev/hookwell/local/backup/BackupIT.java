package dev.hookwell.local.backup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hookwell.capture.CapturedBody;
import dev.hookwell.local.Client;
import dev.hookwell.local.Deadline;
import dev.hookwell.local.LocalRunner;
import dev.hookwell.local.LocalSystem;
import dev.hookwell.local.folder.DataFolder;
import dev.hookwell.local.folder.DataFolderException;
import dev.hookwell.local.queue.Outbox;
import dev.hookwell.local.queue.QueueSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./run backup} and {@code ./run restore}. */
final class BackupIT {
  private static final String READY = "Hookwell is ready: ";

  @TempDir private Path folder;

  private final Map<String, String> digests = new ConcurrentHashMap<>();

  private record Ran(int status, String out, String err) {}

  /** Runs a command; takes its two outputs. */
  private interface Command {
    int run(PrintStream out, PrintStream err);
  }

  private static Ran ran(Command command) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status = command.run(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
    return new Ran(status, out.toString(UTF_8), err.toString(UTF_8));
  }

  private Path data() {
    return folder.resolve("data");
  }

  private Path restored() {
    return folder.resolve("restored");
  }

  private Path file() {
    return folder.resolve("backup");
  }

  private Ran backUp() {
    return ran(
        (out, err) -> BackupCommand.backUp(data(), file(), false, Clock.systemUTC(), out, err));
  }

  private Ran restore() {
    return restore(file());
  }

  private Ran restore(Path from) {
    return ran((out, err) -> BackupCommand.restore(restored(), from, Clock.systemUTC(), out, err));
  }

  private void assertRefused(String said, Ran ran) {
    assertEquals(1, ran.status(), ran.out());
    assertTrue(ran.err().contains(said), ran.err());
    assertEquals(1, ran.err().lines().count(), ran.err());
  }

  private static LocalSystem start(Path data) {
    return LocalSystem.start(
        new LocalSystem.Settings(0, data, Optional.empty(), false, false, Map.of()));
  }

  private void keep(Client client, Client.Hook hook, String text) {
    byte[] body = text.getBytes(UTF_8);
    HttpResponse<String> answer = client.post(hook, "text/plain", body);
    if (answer.statusCode() == 200) {
      digests.put(Client.json(answer.body()).get("id").textValue(), Client.sha256(body));
    }
  }

  @Test
  void allThatWasAcknowledgedBeforeIsInABackupOfARunningSystem() throws Exception {
    Map<String, String> before;
    Client.Hook hook;
    byte[] large = new byte[CapturedBody.MAX_BYTES];
    new Random(22).nextBytes(large);
    String largeId;
    Files.createDirectories(data().resolve("bodies/aa"));
    Files.writeString(data().resolve("bodies/aa/one"), "a large body");
    try (LocalSystem system = start(data());
        Client client = new Client(system.address())) {
      hook = client.createHook();
      largeId = client.postKept(hook, "application/octet-stream", large);
      digests.put(largeId, Client.sha256(large));
      AtomicBoolean ended = new AtomicBoolean();
      Client.Hook to = hook;
      List<Thread> senders =
          Stream.of(1, 2, 3, 4)
              .map(sender ->
                  Thread.ofVirtual()
                      .start(() -> {
                        for (int i = 0; !ended.get(); i++) {
                          keep(client, to, sender + " " + i);
                        }
                      }))
              .toList();
      while (digests.size() < 500) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
      before = new HashMap<>(digests);
      Ran backup = backUp();
      ended.set(true);
      for (Thread sender : senders) {
        sender.join();
      }
      assertEquals(0, backup.status(), backup.err());
      assertTrue(backup.out().startsWith("Backed up to " + file() + ": "), backup.out());
    }
    assertEquals(
        PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(file()));
    try (Stream<Path> left = Files.list(data().resolve("queue"))) {
      assertTrue(left.noneMatch(one -> one.toString().contains("backup")));
    }

    Ran restored = restore();
    assertEquals(0, restored.status(), restored.err());
    assertEquals("a large body", Files.readString(restored().resolve("bodies/aa/one")));
    killTwice();
    try (LocalSystem system = start(restored());
        Client client = new Client(system.address())) {
      Client.Hook same = at(system.address(), hook);
      List<JsonNode> captures =
          client.await(
              same,
              stored ->
                  stored.stream()
                          .filter(capture -> before.containsKey(capture.get("id").textValue()))
                          .count()
                      >= before.size());
      Map<String, String> expected = new HashMap<>(before);
      captures.forEach(capture ->
          expected.putIfAbsent(
              capture.get("id").textValue(), capture.get("bodySha256").textValue()));
      Client.assertEachOnceInOrder(expected, captures);
      assertArrayEquals(large, client.body(same, largeId));
      assertEquals(200, client.post(same, "text/plain", "new".getBytes(UTF_8)).statusCode());
    }
  }

  private static Client.Hook at(URI address, Client.Hook hook) {
    return new Client.Hook(
        hook.id(),
        address.resolve("/h/" + hook.id()),
        address.resolve("/api/hooks/" + hook.id()),
        hook.viewKey(),
        hook.ownerKey());
  }

  /** The restored system: as soon as it is ready, and again after that. */
  private void killTwice() throws Exception {
    for (int i = 0; i < 2; i++) {
      Process process = launch("--port", "0", "--data", restored().toString());
      awaitReady(process);
      process.destroyForcibly().waitFor();
    }
  }

  private Path output(Process process) {
    return folder.resolve("output-" + process.pid());
  }

  private Process launch(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(LocalRunner.class.getName());
    command.addAll(List.of(arguments));
    Path output = Files.createTempFile(folder, "launched", "");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    Files.move(output, output(process));
    return process;
  }

  private void awaitReady(Process process) throws Exception {
    Deadline deadline = Deadline.inSeconds(120);
    while (!Files.readString(output(process)).contains(READY)) {
      assertTrue(process.isAlive(), Files.readString(output(process)));
      deadline.check(Files.readString(output(process)));
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private static void awaitFile(Path file, Process writer) throws Exception {
    Deadline deadline = Deadline.inSeconds(120);
    while (!Files.exists(file)) {
      assertTrue(writer.isAlive(), "it ended before it wrote " + file);
      deadline.check(file.toString());
    }
  }

  @Test
  void aRunnerThatIsKilledWhileItBacksUpLeavesNoBackup() throws Exception {
    Process runner = launch("--port", "0", "--data", data().toString());
    awaitReady(runner);
    Process backup = launch("backup", file().toString(), "--data", data().toString());
    awaitFile(folder.resolve("backup.part"), backup);
    runner.destroyForcibly().waitFor();

    assertTrue(backup.waitFor(60, TimeUnit.SECONDS), "it waits for ever");
    assertEquals(1, backup.exitValue());
    assertTrue(
        Files.readString(output(backup)).contains("the runner ended before it was done"),
        Files.readString(output(backup)));
    assertFalse(Files.exists(file()));

    start(data()).close();
    Ran again = backUp();
    assertEquals(0, again.status(), again.err());
    assertFalse(Files.exists(folder.resolve("backup.part")));
  }

  /** Nobody else uses the folder, so the command writes itself, with a PostgreSQL of its own. */
  @Test
  void whatABackupThatIsKilledLeavesIsNoBackupAndTheNextTakesItsPlace() throws Exception {
    Client.Hook hook = hookOfOneCapture();
    // It takes no room on the disk, and a minute to read.
    Path large = data().resolve("bodies/aa/long");
    Files.createDirectories(large.getParent());
    try (RandomAccessFile open = new RandomAccessFile(large.toFile(), "rw")) {
      open.setLength(16L << 30);
    }
    Path part = folder.resolve("backup.part");
    Process backup = launch("backup", file().toString(), "--data", data().toString());
    awaitFile(part, backup);
    Deadline deadline = Deadline.inSeconds(120);
    while (Files.size(part) == 0) {
      assertTrue(backup.isAlive(), Files.readString(output(backup)));
      deadline.check("nothing is written");
    }
    backup.destroyForcibly().waitFor();
    assertFalse(Files.exists(file()));
    assertTrue(Files.size(part) > 0, "killed too late");
    assertEquals(PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(part));

    assertRefused(part + " is no backup, or not a whole one", restore(part));
    assertFalse(Files.exists(restored()));

    Files.delete(large);
    Ran again = backUp();
    assertEquals(0, again.status(), again.err());
    assertEquals("", again.err());
    assertFalse(Files.exists(part));
    assertEquals(0, restore().status());
    assertHolds(restored(), hook);
  }

  @Test
  void aRestoreThatIsKilledIsNeverTakenForAWholeOne() throws Exception {
    Client.Hook hook = hookOfOneCapture();
    assertEquals(0, backUp().status());

    Process restore = launch("restore", file().toString(), "--data", restored().toString());
    awaitFile(restored().resolve(DataFolder.RESTORING), restore);
    restore.destroyForcibly().waitFor();

    DataFolderException refused =
        assertThrows(DataFolderException.class, () -> start(restored()).close());
    assertTrue(String.valueOf(refused.getMessage()).contains("was broken off"));

    Ran elsewhere =
        ran((out, err) ->
            BackupCommand.restore(
                folder.resolve("elsewhere"), file(), Clock.systemUTC(), out, err));
    assertEquals(0, elsewhere.status(), elsewhere.err());
    assertHolds(folder.resolve("elsewhere"), hook);
  }

  private Client.Hook hookOfOneCapture() throws Exception {
    try (LocalSystem system = start(data());
        Client client = new Client(system.address())) {
      Client.Hook hook = client.createHook();
      keep(client, hook, "kept");
      client.await(hook, 1);
      return hook;
    }
  }

  private void assertHolds(Path data, Client.Hook hook) throws Exception {
    try (LocalSystem system = start(data);
        Client client = new Client(system.address())) {
      Client.assertEachOnceInOrder(digests, client.await(at(system.address(), hook), 1));
    }
  }

  @Test
  void whatWaitsAndWhatIsDeadIsRestoredToo() throws Exception {
    Client.Hook hook;
    try (LocalSystem system = start(data());
        Client client = new Client(system.address())) {
      hook = client.createHook();
      keep(client, hook, "stored");
      client.await(hook, 1);
      system.ownDatabase().orElseThrow().stopServer();
      for (int i = 0; i < 20; i++) {
        keep(client, hook, "waiting " + i);
      }
    }
    assertEquals(21, digests.size());

    Ran backup = backUp();
    assertEquals(0, backup.status(), backup.err());
    assertTrue(backup.out().contains("1 captures stored, 20 on their way"), backup.out());
    Ran restored = restore();
    assertEquals(0, restored.status(), restored.err());
    assertTrue(restored.out().contains("20 on their way"), restored.out());
    try (LocalSystem system = start(restored());
        Client client = new Client(system.address())) {
      Client.assertEachOnceInOrder(digests, client.await(at(system.address(), hook), 21));
    }
  }

  @Test
  void whatIsNoWholeBackupIsRefused() throws Exception {
    try (LocalSystem system = start(data());
        Client client = new Client(system.address())) {
      keep(client, client.createHook(), "x");
    }
    assertEquals(0, backUp().status());
    assertRefused("is there already", backUp());

    byte[] whole = Files.readAllBytes(file());
    Path cut = Files.write(folder.resolve("cut"), Arrays.copyOf(whole, whole.length / 2));
    assertRefused("is no backup, or not a whole one", restore(cut));
    assertRefused("is no backup", restore(Files.writeString(folder.resolve("text"), "text")));
    assertRefused("is no backup", restore(Files.createFile(folder.resolve("empty"))));
    assertRefused("there is no file", restore(folder.resolve("none")));

    assertRefused("waiting in it is damaged", restore(with("waiting", "other")));
    assertRefused("manifest is damaged", restore(with(BackupManifest.NAME, "{}")));
    String manifest = manifest();
    assertRefused(
        "made by a newer Hookwell (format 2",
        restore(with(BackupManifest.NAME, manifest.replace("\"format\" : 1", "\"format\" : 2"))));
    assertRefused(
        "made by a newer Hookwell (schema 999",
        restore(
            with(
                BackupManifest.NAME,
                manifest.replaceFirst("\"schema\" : \\d+", "\"schema\" : 999"))));
    assertRefused(
        "no table or column has such a name",
        restore(with(BackupManifest.NAME, manifest.replace("tables/hooks", "tables/hooks;x"))));
    assertFalse(Files.exists(restored().resolve("keys")));
  }

  private Path with(String entry, String content) throws IOException {
    Path changed =
        Files.copy(
            file(),
            Files.createTempFile(folder, "changed", "")
                .resolveSibling("changed-" + System.nanoTime()));
    try (FileSystem zip = FileSystems.newFileSystem(changed, Map.of("create", "false"))) {
      Files.writeString(zip.getPath(entry), content);
      if (content.contains("hooks;x")) {
        Files.move(zip.getPath("tables/hooks"), zip.getPath("tables/hooks;x"));
      }
    }
    return changed;
  }

  private String manifest() throws IOException {
    try (FileSystem zip = FileSystems.newFileSystem(file())) {
      return Files.readString(zip.getPath(BackupManifest.NAME));
    }
  }

  @Test
  void aFolderThatIsNotEmptyOrNotWholeIsRefused() throws Exception {
    start(data()).close();
    assertEquals(0, backUp().status());
    Files.createDirectories(restored());
    Files.writeString(restored().resolve("something"), "");
    assertRefused("is not empty", restore());
    Files.delete(restored().resolve("something"));
    assertEquals(0, restore().status());
    assertRefused("is not empty", restore());

    Files.writeString(restored().resolve(DataFolder.RESTORING), "");
    DataFolderException refused =
        assertThrows(DataFolderException.class, () -> start(restored()).close());
    assertTrue(String.valueOf(refused.getMessage()).contains("was broken off"));
  }

  @Test
  void aBackupThatFailsLeavesNothingOfItsName() throws Exception {
    try (LocalSystem system = start(data())) {
      assertRefused(
          "cannot be written: there is no such folder",
          ran((out, err) ->
              BackupCommand.backUp(
                  data(), folder.resolve("no/such/backup"), false, Clock.systemUTC(), out, err)));
      system.ownDatabase().orElseThrow().stopServer();
      assertRefused("the database cannot be used", backUp());
    }
    assertFalse(Files.exists(file()));
    assertFalse(Files.exists(folder.resolve("backup.part")));
    assertRefused(
        "there is no data folder",
        ran((out, err) ->
            BackupCommand.backUp(folder, file(), false, Clock.systemUTC(), out, err)));
    try (DataFolder opened = DataFolder.open(data(), new SecureRandom());
        Outbox outbox =
            Outbox.open(
                opened.outbox(),
                QueueSettings.ofTemplate(),
                Clock.systemUTC(),
                opened::freeBytes,
                _ -> {})) {
      BackupException full =
          assertThrows(
              BackupException.class,
              () ->
                  new BackupWriter(opened.root(), outbox, Optional.empty())
                      .write(file(), Clock.systemUTC().instant(), () -> DataFolder.RESERVE));
      assertTrue(String.valueOf(full.getMessage()).contains("less than 256 MB would be free"));
    }
    assertFalse(Files.exists(file()));
  }
}

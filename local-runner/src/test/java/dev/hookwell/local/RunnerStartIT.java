package dev.hookwell.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hookwell.capture.Shows;
import dev.hookwell.local.folder.PrivateFiles;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The runner as a process: its starts, and its messages when it does not start. */
final class RunnerStartIT {
  private static final String READY = "Hookwell is ready: ";
  private static final String SECRET = "hunter2hunter2hunter2";

  @TempDir private Path folder;

  private final List<Process> started = new ArrayList<>();
  private final Map<Process, Path> outputs = new HashMap<>();

  @AfterEach
  void endAll() throws Exception {
    for (Process process : started) {
      process.destroy();
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    }
  }

  @Test
  @Shows("S39")
  void aFolderThatOthersCouldUseIsClosedToThemWithAllThatItHolds() throws Exception {
    Path data = Files.createDirectory(folder.resolve("data"));
    for (String part : List.of("", "queue", "postgres", "postgres/binaries", "logs")) {
      Path wide = Files.createDirectories(data.resolve(part));
      Files.setPosixFilePermissions(wide, PosixFilePermissions.fromString("rwxrwxrwx"));
    }
    // As ./run does it, where a user's own mask lets others read.
    Process runner = launch(List.of("sh", "-c", "umask 077; exec \"$0\" \"$@\""), Map.of(), data);
    awaitReady(runner);

    try (Stream<Path> all = Files.walk(data)) {
      for (Path path : all.filter(path -> !Files.isSymbolicLink(path)).toList()) {
        assertTrue(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(path)).endsWith("------"),
            path::toString);
      }
    }
  }

  @Test
  void aFolderOfANewerVersionIsRefusedInOneLine() throws Exception {
    Path data = Files.createDirectory(folder.resolve("data"));
    Files.writeString(data.resolve("format"), "999\n");

    assertRefused(launch(List.of(), Map.of(), data), "is of a newer Hookwell (format 999");

    try (Stream<Path> entries = Files.list(data)) {
      assertEquals(List.of(data.resolve("format")), entries.toList());
    }
  }

  @Test
  void aSchemaOfANewerVersionIsRefusedInOneLine() throws Exception {
    Path data = folder.resolve("data");
    try (LocalSystem system = LocalSystem.start(Client.settings(data, 0));
        Connection connection = system.ownDatabase().orElseThrow().connect();
        Statement statement = connection.createStatement()) {
      statement.execute("INSERT INTO schema_history (version, name) VALUES (999, 'later')");
    }

    assertRefused(
        launch(List.of(), Map.of(), data), "was used by a newer Hookwell (schema 999, and this");
  }

  @Test
  void anotherUsersFolderIsRefusedInOneLine() throws Exception {
    assumeTrue(PrivateFiles.ownUser() == 0, "only root can give a folder away");
    Path data = Files.createDirectory(folder.resolve("data"));
    Files.setAttribute(data, "unix:uid", 65534);

    assertRefused(launch(List.of(), Map.of(), data), "belongs to the user nobody, not to root");
  }

  /**
   * In a namespace of the test's own, in which there are no further ones, as in most containers.
   */
  @Test
  void rootWithoutUserNamespacesIsToldToRunAsAnotherUser() throws Exception {
    assumeTrue(PrivateFiles.ownUser() == 0, "only root needs a user namespace");
    Process runner =
        launch(
            List.of(
                "unshare",
                "--user",
                "--map-root-user",
                "sh",
                "-c",
                "echo 0 > /proc/sys/user/max_user_namespaces && exec \"$0\" \"$@\""),
            Map.of(),
            folder.resolve("data"));

    assertRefused(
        runner,
        "the built-in PostgreSQL does not run as root, and this system refuses it a user namespace:"
            + " run Hookwell as another user, with a data folder of that user's, or name a database"
            + " of your own by HOOKWELL_DATABASE_URL");
  }

  @Test
  void aFolderWhosePathAShellWouldReadIsRefusedInOneLine() throws Exception {
    assertRefused(
        launch(List.of(), Map.of(), folder.resolve("a$(id)b")), "must not hold a quotation mark");
  }

  @Test
  @Shows("S41")
  void thePasswordOfADatabaseIsOnNoCommandLineHoweverItIsGiven() throws Exception {
    String url = "postgresql://u:" + SECRET + "@127.0.0.1:1/d?sslmode=disable";
    Path file = Files.writeString(folder.resolve("url"), url);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Map<String, String> variable = Map.of("HOOKWELL_DATABASE_URL", url);
    Path data = folder.resolve("data");

    CommandLines watched = CommandLines.watch();
    List<Process> runners =
        List.of(
            launch(List.of(), variable, data, "--allow-weak-tls"),
            launch(
                List.of(),
                Map.of(),
                folder.resolve("other"),
                "--allow-weak-tls",
                "--database-url-file",
                file.toString()));
    for (Process runner : runners) {
      assertTrue(runner.waitFor(180, TimeUnit.SECONDS), "still running");
    }
    Set<String> lines = watched.stop();

    assertTrue(lines.stream().anyMatch(line -> line.contains(file.toString())), "nothing was seen");
    assertTrue(lines.stream().noneMatch(line -> line.contains(SECRET)), "on a command line");
    assertRefused(runners.get(0), "the database of HOOKWELL_DATABASE_URL cannot be reached");
    assertRefused(runners.get(1), "the database of --database-url-file cannot be reached");
  }

  @Test
  void aStyleSheetThatChangesIsServedChanged() throws Exception {
    Path page = folder.resolve("page");
    Path sources = Path.of("../web/src/main/page");
    try (Stream<Path> all = Files.walk(sources)) {
      for (Path source : all.toList()) {
        Files.copy(source, page.resolve(sources.relativize(source).toString()));
      }
    }
    Process runner = launch(List.of(), Map.of(), folder.resolve("data"), "--page", page.toString());
    awaitReady(runner);
    URI index = address(runner);
    try (Client client = new Client(index)) {
      Matcher style =
          Pattern.compile("/assets/[^\"]+/app\\.css").matcher(get(client, index).body());
      assertTrue(style.find());
      String before = get(client, index.resolve(style.group())).body();
      Files.writeString(page.resolve("style/zoom.css"), "body { color: #123 }\n");

      HttpResponse<String> after = get(client, index.resolve(style.group()));
      assertEquals(before + "@layer zoom {\nbody { color: #123 }\n}\n", after.body());
      assertEquals("no-store", after.headers().firstValue("cache-control").orElseThrow());
    }
  }

  @Test
  void aWrongSettingIsRefusedByTheNameItWasSetBy() throws Exception {
    assertRefused(
        launch(List.of(), Map.of("HOOKWELL_QUOTA_CAPTURES", "many"), folder.resolve("data")),
        "HOOKWELL_QUOTA_CAPTURES: not a whole number");
  }

  @Test
  void aFolderThatHoldsNoPageIsRefusedInOneLine() throws Exception {
    Path page = Files.createDirectory(folder.resolve("page"));
    Process runner = launch(List.of(), Map.of(), folder.resolve("data"), "--page", page.toString());

    assertRefused(
        runner,
        2,
        "--page must be a folder of the page's sources: there is no " + page.resolve("index.html"));
    assertFalse(Files.exists(folder.resolve("data")));
  }

  private static HttpResponse<String> get(Client client, URI address) {
    return client.send(HttpRequest.newBuilder(address));
  }

  @Test
  @Tag("long")
  void theBoundsOnAllHooksAreThoseOfTheEnvironment() throws Exception {
    Path data = folder.resolve("data");
    Usage kept = keptBelow(6000, data);
    Map<String, String> atBoth =
        Map.of(
            "HOOKWELL_HOOKS_LIMIT", String.valueOf(kept.hooks()),
            "HOOKWELL_STORED_BYTES_LIMIT", String.valueOf(kept.bytes()));
    Map<String, String> pastHooks = new HashMap<>(atBoth);
    pastHooks.put("HOOKWELL_HOOKS_LIMIT", String.valueOf(kept.hooks() - 1));
    Map<String, String> pastBytes = new HashMap<>(atBoth);
    pastBytes.put("HOOKWELL_STORED_BYTES_LIMIT", String.valueOf(kept.bytes() - 1));

    assertEquals(201, makeHook(atBoth, data).statusCode());
    for (Map<String, String> past : List.of(pastHooks, pastBytes)) {
      HttpResponse<String> refused = makeHook(past, data);
      assertEquals(503, refused.statusCode(), past + refused.body());
      assertEquals(
          "urn:hookwell:problem:creation-paused",
          Client.json(refused.body()).get("type").textValue());
      assertEquals("60", refused.headers().firstValue("retry-after").orElseThrow());
    }
  }

  /** The number of hooks and the bytes of all of them, as they were counted. */
  private record Usage(long hooks, long bytes) {}

  /** Two hooks with a capture each, of which one has room: the other goes by itself. */
  private static Usage keptBelow(long bytes, Path data) throws Exception {
    Map<String, String> bound = Map.of("STORED_BYTES_LIMIT", String.valueOf(bytes));
    try (LocalSystem system =
            LocalSystem.start(
                new LocalSystem.Settings(0, data, Optional.empty(), false, false, bound));
        Client client = new Client(system.address());
        Connection connection = system.ownDatabase().orElseThrow().connect()) {
      Client.Hook one = client.createHook();
      Client.Hook two = client.createHook();
      Random random = new Random(17);
      for (Client.Hook to : List.of(one, two)) {
        byte[] body = new byte[4000];
        random.nextBytes(body);
        client.postKept(to, "application/octet-stream", body);
      }
      // It is counted once a minute.
      Deadline deadline = Deadline.inSeconds(240);
      Usage usage = counted(connection);
      while (usage.hooks() < 2 || usage.bytes() > bytes) {
        deadline.check("counted are " + usage);
        TimeUnit.MILLISECONDS.sleep(200);
        usage = counted(connection);
      }
      assertEquals(1, available(client, one) + available(client, two), usage::toString);
      return usage;
    }
  }

  private static int available(Client client, Client.Hook hook) {
    return client.read(hook, "/captures?after=0").get("captures").size();
  }

  private static Usage counted(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT hook_rows, stored_bytes FROM store_usage")) {
      return row.next() ? new Usage(row.getLong(1), row.getLong(2)) : new Usage(0, 0);
    }
  }

  private HttpResponse<String> makeHook(Map<String, String> environment, Path data)
      throws Exception {
    Process runner = launch(List.of(), environment, data);
    awaitReady(runner);
    URI address = address(runner);
    try (Client client = new Client(address)) {
      return client.send(
          HttpRequest.newBuilder(address.resolve("/api/hooks"))
              .POST(HttpRequest.BodyPublishers.noBody()));
    } finally {
      runner.destroy();
      assertTrue(runner.waitFor(60, TimeUnit.SECONDS), "still running");
    }
  }

  /** In the temporary folder any user could put a file before a library looks for it there. */
  @Test
  void nothingIsLeftInTheTemporaryFolder() throws Exception {
    Path temporary = Files.createDirectory(folder.resolve("temporary"));
    Map<String, String> elsewhere =
        Map.of(
            "JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + temporary, "TMPDIR", temporary.toString());
    Process runner = launch(List.of(), elsewhere, folder.resolve("data"));
    awaitReady(runner);
    runner.destroy();
    assertTrue(runner.waitFor(60, TimeUnit.SECONDS), "still running");

    try (Stream<Path> left = Files.list(temporary)) {
      assertEquals(List.of(), left.toList());
    }
  }

  /**
   * In a network of its own that has loopback alone. Its counters show packets that would have left
   * it, also those whose failure the runner ignored.
   */
  @Test
  void aFirstStartHasAndAsksForNoNetwork() throws Exception {
    List<String> alone = List.of("unshare", "--user", "--map-root-user", "--net");
    assumeTrue(canBe(alone), "no network of its own can be had here");
    List<String> prefix = new ArrayList<>(alone);
    prefix.addAll(List.of("sh", "-c", "ip link set lo up && exec \"$0\" \"$@\""));
    Process runner = launch(prefix, Map.of(), folder.resolve("data"));
    awaitReady(runner);

    Path counts = Path.of("/proc", String.valueOf(runner.pid()), "net");
    List<List<String>> ip =
        Files.readAllLines(counts.resolve("snmp")).stream()
            .filter(line -> line.startsWith("Ip: "))
            .map(line -> List.of(line.split(" ")))
            .toList();
    assertEquals("0", ip.get(1).get(ip.getFirst().indexOf("OutNoRoutes")), ip::toString);
    List<String> ip6 =
        Files.readAllLines(counts.resolve("snmp6")).stream()
            .filter(line -> line.startsWith("Ip6OutNoRoutes"))
            .map(line -> line.substring(line.lastIndexOf('\t') + 1))
            .toList();
    assertEquals(List.of("0"), ip6);
    assertEquals(
        List.of("lo"),
        Files.readAllLines(counts.resolve("dev")).stream()
            .skip(2)
            .map(line -> line.substring(0, line.indexOf(':')).strip())
            .toList());
  }

  private static boolean canBe(List<String> prefix) throws InterruptedException {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(List.of("ip", "link", "set", "lo", "up"));
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException _) {
      // Not Linux, or without these programs.
      return false;
    }
  }

  private Process launch(
      List<String> prefix, Map<String, String> environment, Path data, String... options)
      throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseParallelGC",
            "-cp",
            System.getProperty("java.class.path"),
            LocalRunner.class.getName(),
            "--port",
            "0",
            "--data",
            data.toString()));
    command.addAll(List.of(options));
    Path output = folder.resolve("output-" + started.size());
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    started.add(process);
    outputs.put(process, output);
    return process;
  }

  private String printed(Process process) throws IOException {
    return Files.readString(outputs.getOrDefault(process, folder));
  }

  private void awaitReady(Process process) throws Exception {
    Deadline deadline = Deadline.inSeconds(180);
    while (!printed(process).contains(READY)) {
      assertTrue(process.isAlive(), printed(process));
      deadline.check(printed(process));
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private URI address(Process ready) throws IOException {
    String printed = printed(ready);
    int begin = printed.indexOf(READY) + READY.length();
    return URI.create(printed.substring(begin, printed.indexOf('\n', begin)));
  }

  private void assertRefused(Process process, String reason) throws Exception {
    assertRefused(process, 1, reason);
  }

  private void assertRefused(Process process, int status, String reason) throws Exception {
    assertTrue(process.waitFor(180, TimeUnit.SECONDS), "still running");
    String printed = printed(process);
    assertEquals(status, process.exitValue(), printed);
    List<String> lines = printed.lines().filter(line -> line.startsWith("hookwell: ")).toList();
    assertEquals(1, lines.size(), printed);
    assertTrue(lines.getFirst().contains(reason), printed);
    assertFalse(printed.contains("\tat "), printed);
    assertFalse(printed.contains(SECRET), printed);
  }
}

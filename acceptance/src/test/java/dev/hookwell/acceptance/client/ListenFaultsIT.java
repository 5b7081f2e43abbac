package dev.hookwell.acceptance.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.acceptance.support.HookwellProcess;
import dev.hookwell.acceptance.support.RunningSystem;
import dev.hookwell.acceptance.support.TcpProxy;
import dev.hookwell.capture.Environment;
import dev.hookwell.capture.HookKeys;
import dev.hookwell.client.RecordingTarget;
import dev.hookwell.client.RecordingTarget.Reaction;
import dev.hookwell.local.Client;
import dev.hookwell.local.Deadline;
import dev.hookwell.local.postgres.LocalDatabase;
import dev.hookwell.store.Database;
import dev.hookwell.store.HookLimits;
import dev.hookwell.store.Retention;
import dev.hookwell.store.Retries;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code hookwell listen} misses nothing, whichever part around it fails. */
final class ListenFaultsIT {
  private static final int QUOTA = 400;

  @RegisterExtension
  static final RunningSystem RUNNING =
      new RunningSystem(Map.of("QUOTA_CAPTURES", String.valueOf(QUOTA)));

  private static final int OK = 0;
  private static final int RUNTIME = 1;
  private static final int DENIED = 3;

  /** The promised time in which a standstill is noticed. */
  private static final int SECONDS_TO_NOTICE = 5;

  @TempDir Path folder;

  private Client.Hook hook;

  @BeforeEach
  void createHook() {
    hook = RUNNING.client().createHook();
  }

  private HookwellProcess.Setting setting() {
    return HookwellProcess.Setting.of(folder, hook);
  }

  /** The same by another way, which can be broken. */
  private HookwellProcess.Setting through(TcpProxy proxy) {
    return setting()
        .with("HOOKWELL_API", "http://127.0.0.1:" + proxy.port() + "/api/hooks/" + hook.id());
  }

  private void store(int count) {
    int before = RUNNING.client().read(hook, "").at("/counts/stored").intValue();
    IntStream.range(0, count)
        .parallel()
        .forEach(i -> RUNNING.client().postKept(hook, "text/plain", ("body " + i).getBytes(UTF_8)));
    Deadline deadline = Deadline.inSeconds(60);
    while (RUNNING.client().read(hook, "").at("/counts/stored").intValue() < before + count) {
      deadline.check("not stored");
    }
  }

  private static List<Long> numbers(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }

  private static void awaitSeqs(RecordingTarget target, int count) throws InterruptedException {
    Deadline deadline = Deadline.inSeconds(120);
    while (target.seqs().size() < count) {
      deadline.check("only " + target.seqs());
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  /** The numbers that the client announces it may deliver twice. */
  private static List<Long> saidToRepeat(String notes) {
    List<Long> numbers = new ArrayList<>();
    Matcher line = Pattern.compile("maybe delivered again: (.*)").matcher(notes);
    while (line.find()) {
      Matcher number = Pattern.compile("#(\\d+)").matcher(line.group(1));
      while (number.find()) {
        numbers.add(Long.parseLong(number.group(1)));
      }
    }
    return numbers;
  }

  private void killsRepeatAtMostWhatWasUnderWay(int concurrency, long seed) throws Exception {
    Random random = new Random(seed);
    int captures = 120;
    store(captures);
    try (RecordingTarget target = RecordingTarget.start()) {
      target.react(_ -> {
        try {
          TimeUnit.MILLISECONDS.sleep(10);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        return new Reaction.Respond(RecordingTarget.OK);
      });
      String port = String.valueOf(target.port());
      Path cursor = folder.resolve("kill.cursor");
      String[] listen = {
        "listen", port, "--once", "--concurrency", "" + concurrency, "--cursor", cursor.toString()
      };
      String[] first = new String[listen.length + 2];
      System.arraycopy(listen, 0, first, 0, listen.length);
      first[listen.length] = "--from";
      first[listen.length + 1] = "1";
      List<Long> repeated = new ArrayList<>();
      List<Long> announced = new ArrayList<>();
      for (int kills = 0; ; kills++) {
        int before = target.seqs().size();
        try (HookwellProcess process = setting().start(kills == 0 ? first : listen)) {
          int until = before + 5 + random.nextInt(30);
          while (process.isAlive() && target.seqs().size() < until) {
            TimeUnit.MILLISECONDS.sleep(random.nextInt(5));
          }
          boolean killed = process.isAlive();
          process.kill();
          List<Long> said = saidToRepeat(process.err());
          assertTrue(said.size() <= concurrency, "seed " + seed + ": " + said);
          List<Long> seqs = target.seqs();
          // As a set: requests of the client that was killed before may have come late.
          Set<Long> again = new TreeSet<>(seqs.subList(before, seqs.size()));
          again.retainAll(new HashSet<>(seqs.subList(0, before)));
          assertTrue(again.size() <= concurrency, "seed " + seed + ": " + again);
          repeated.addAll(again);
          announced.addAll(said);
          if (!killed) {
            break;
          }
        }
      }
      assertEquals(numbers(1, captures), new ArrayList<>(new TreeSet<>(target.seqs())));
      assertTrue(announced.containsAll(repeated), repeated + " but said " + announced);
      if (concurrency == 1) {
        List<Long> inOrder = target.seqs();
        assertEquals(inOrder.stream().sorted().toList(), inOrder);
      }
    }
  }

  @Test
  void aKillRepeatsAtMostTheOneThatWasUnderWayAndSaysSo() throws Exception {
    killsRepeatAtMostWhatWasUnderWay(1, new Random().nextLong());
  }

  @Test
  void withEightAtOnceAKillRepeatsAtMostEight() throws Exception {
    killsRepeatAtMostWhatWasUnderWay(8, new Random().nextLong());
  }

  @Test
  void aTargetThatIsDownIsWaitedForAndNothingIsSkipped() throws Exception {
    RecordingTarget gone = RecordingTarget.start();
    int port = gone.port();
    gone.close();
    store(3);
    try (HookwellProcess listen =
        setting().start("listen", String.valueOf(port), "--from", "1", "--count", "5")) {
      listen.awaitSaid("refuses connections. Everything waits for it, and nothing is skipped");
      store(2);
      try (RecordingTarget target = RecordingTarget.startOn(port)) {
        HookwellProcess.Ended ended = listen.ended();
        assertEquals(OK, ended.code(), ended.err());
        assertEquals(numbers(1, 5), target.seqs());
        assertTrue(ended.err().contains("http://localhost:" + port + " is there"), ended.err());
        assertEquals(1, ended.err().split("refuses connections", -1).length - 1);
      }
    }
  }

  @Test
  void aTargetThatResetsIsTriedThreeTimesAndGoneOnFrom() throws Exception {
    store(2);
    try (RecordingTarget target = RecordingTarget.start()) {
      target.react(request ->
          request.seq() == 1 ? new Reaction.Reset() : new Reaction.Respond(RecordingTarget.OK));
      HookwellProcess.Ended ended =
          setting().run("listen", String.valueOf(target.port()), "--from", "1", "--once");

      assertEquals(OK, ended.code(), ended.err());
      assertEquals(List.of(1L, 1L, 1L, 2L), target.seqs());
      assertTrue(ended.out().lines().toList().get(0).contains("lost"), ended.out());
      assertTrue(ended.out().lines().toList().get(0).endsWith("; 3 tries)"), ended.out());
    }
  }

  @Test
  void aTargetThatHangsIsGivenUpAfterThreeTimeOuts() throws Exception {
    store(1);
    try (RecordingTarget target = RecordingTarget.start()) {
      target.react(_ -> new Reaction.Hang());
      HookwellProcess.Ended ended =
          setting()
              .run(
                  "listen",
                  String.valueOf(target.port()),
                  "--from",
                  "1",
                  "--once",
                  "--timeout",
                  "300ms");

      assertEquals(OK, ended.code(), ended.err());
      assertTrue(ended.out().contains("no response within 300 ms; 3 tries"), ended.out());
    }
  }

  @Test
  void aNetworkThatIsGoneForAWhileCostsNothing() throws Exception {
    try (RecordingTarget target = RecordingTarget.start();
        TcpProxy network = new TcpProxy(RUNNING.system().address().getPort());
        HookwellProcess listen =
            through(network).start("listen", String.valueOf(target.port()), "--count", "4")) {
      listen.awaitSaid("after #0");
      store(2);
      awaitSeqs(target, 2);
      network.set(new TcpProxy.Fault.Refuse());
      listen.awaitSaid("can't reach");
      store(2);
      network.heal();

      assertEquals(OK, listen.ended().code());
      assertEquals(numbers(1, 4), target.seqs());
      assertTrue(listen.err().contains("connected again"), listen.err());
    }
  }

  @Test
  void afterAStandstillItConnectsAnewAtOnce() throws Exception {
    standsStillFor(8);
  }

  @Test
  @Tag("long")
  void afterMinutesOfStandstillItConnectsAnewAtOnce() throws Exception {
    standsStillFor(150);
  }

  /** A laptop that slept: data on the connection of before is lost, without an error. */
  private void standsStillFor(int seconds) throws Exception {
    try (RecordingTarget target = RecordingTarget.start();
        TcpProxy network = new TcpProxy(RUNNING.system().address().getPort());
        HookwellProcess listen =
            through(network).start("listen", String.valueOf(target.port()), "--count", "3")) {
      listen.awaitSaid("after #0");
      store(1);
      awaitSeqs(target, 1);
      listen.signal("STOP");
      network.set(new TcpProxy.Fault.Blackhole());
      store(2);
      TimeUnit.SECONDS.sleep(seconds);
      network.set(new TcpProxy.Fault.None());
      listen.signal("CONT");
      listen.awaitSaid("stood still for", SECONDS_TO_NOTICE);
      HookwellProcess.Ended ended = listen.ended();

      assertEquals(OK, ended.code(), ended.err());
      assertFalse(ended.err().contains("no response in time"), ended.err());
      assertEquals(numbers(1, 3), target.seqs());
    }
  }

  @Test
  void anApiThatAnswers503IsAskedAgain() throws Exception {
    LocalDatabase database = RUNNING.system().ownDatabase().orElseThrow();
    try (RecordingTarget target = RecordingTarget.start();
        HookwellProcess listen =
            setting().start("listen", String.valueOf(target.port()), "--count", "2")) {
      listen.awaitSaid("after #0");
      store(1);
      awaitSeqs(target, 1);
      database.stopServer();
      try {
        RUNNING.client().postKept(hook, "text/plain", "kept meanwhile".getBytes(UTF_8));
        listen.awaitSaid("can't do it now");
      } finally {
        database.startServer();
      }

      assertEquals(OK, listen.ended().code());
      assertEquals(numbers(1, 2), target.seqs());
    }
  }

  @Test
  void aHookThatIsClearedGoesOnWithWhatComes() throws Exception {
    store(3);
    RecordingTarget gone = RecordingTarget.start();
    int port = gone.port();
    gone.close();
    HookwellProcess.Setting setting = setting();
    setting.run("listen", String.valueOf(port), "--once");
    store(4);
    delete("/captures");
    store(1);
    try (RecordingTarget target = RecordingTarget.startOn(port)) {
      HookwellProcess.Ended ended = setting.run("listen", String.valueOf(port), "--once");

      assertEquals(OK, ended.code(), ended.err());
      assertEquals(List.of(8L), target.seqs());
      assertTrue(ended.err().contains("#4 to #7 are gone, 4 in all"), ended.err());
    }
  }

  private void delete(String tail) {
    assertEquals(
        204,
        RUNNING
            .client()
            .send(
                HttpRequest.newBuilder(URI.create(hook.apiUrl() + tail))
                    .header("authorization", "Bearer " + hook.ownerKey())
                    .DELETE())
            .statusCode());
  }

  @Test
  void aHookThatIsDeletedEndsIt() throws Exception {
    try (HookwellProcess listen = setting().start("listen", "9")) {
      listen.awaitSaid("after #0");
      delete("");
      HookwellProcess.Ended ended = listen.ended();

      assertEquals(DENIED, ended.code());
      assertTrue(ended.err().contains("deleted"), ended.err());
    }
  }

  /** Its end is part of its id, so the client knows it. */
  @Test
  void aHookWhoseTimeIsOverEndsItAlsoWhileItListens() throws Exception {
    Files.writeString(folder.resolve("seed"), "s".repeat(40));
    HookwellProcess.Setting bare = new HookwellProcess.Setting(folder, Map.of(), List.of());
    HookwellProcess.Ended made =
        bare.run(
            "new",
            "--server",
            RUNNING.system().address().toString(),
            "--seed-file",
            "seed",
            "--expires-at",
            Instant.now().plusSeconds(20).truncatedTo(ChronoUnit.SECONDS).toString(),
            "--save",
            "short.env");
    assertEquals(OK, made.code(), made.err());
    String[] listen = {"listen", "9", "--hook-file", "short.env", "--cursor", "short.cursor"};
    try (HookwellProcess process = bare.start(listen)) {
      process.awaitSaid("after #0");
      HookwellProcess.Ended ended = process.ended();

      assertEquals(DENIED, ended.code(), ended.err());
      assertTrue(ended.err().contains("Its time is over."), ended.err());
    }
    HookwellProcess.Ended again = bare.run(listen);
    assertEquals(DENIED, again.code(), again.err());
    assertEquals(1, again.err().lines().count(), again.err());
    assertTrue(again.err().contains("Its time is over."), again.err());
  }

  @Test
  void whatTheQuotaEvictsWhileItListensIsCounted() throws Exception {
    try (RecordingTarget target = RecordingTarget.start();
        TcpProxy network = new TcpProxy(RUNNING.system().address().getPort());
        HookwellProcess listen =
            through(network)
                .start(
                    "listen",
                    String.valueOf(target.port()),
                    "--count",
                    String.valueOf(3 + QUOTA),
                    "--concurrency",
                    "4")) {
      listen.awaitSaid("after #0");
      store(3);
      awaitSeqs(target, 3);
      network.set(new TcpProxy.Fault.Refuse());
      listen.awaitSaid("can't reach");
      store(QUOTA + 20);
      evict();
      network.heal();
      HookwellProcess.Ended ended = listen.ended();

      assertEquals(OK, ended.code(), ended.err());
      assertTrue(ended.err().contains("#4 to #23 are gone, 20 in all"), ended.err());
      List<Long> expected = new ArrayList<>(numbers(1, 3));
      expected.addAll(numbers(24, QUOTA + 23));
      assertEquals(expected, target.seqs().stream().sorted().toList());
    }
  }

  private void evict() {
    Clock clock = Clock.systemUTC();
    try (Database database =
        new Database(
            RUNNING.system().ownDatabase().orElseThrow().databaseUrl(),
            Database.Settings.forFunction("retention-of-a-test"),
            true)) {
      new Retention(
              database,
              HookLimits.from(new Environment(Map.of("QUOTA_CAPTURES", String.valueOf(QUOTA)))),
              Retention.Batches.DEFAULT,
              clock,
              new Retries(clock, new SecureRandom(), Thread::sleep))
          .run(clock.instant().plusSeconds(30));
    }
  }

  @Test
  void twoClientsOfAHookEachGetEverythingAndACursorIsUsedByOne() throws Exception {
    store(3);
    try (RecordingTarget one = RecordingTarget.start();
        RecordingTarget other = RecordingTarget.start();
        HookwellProcess first =
            setting().start("listen", String.valueOf(one.port()), "--from", "1");
        HookwellProcess second =
            setting().start("listen", String.valueOf(other.port()), "--from", "1")) {
      awaitSeqs(one, 3);
      awaitSeqs(other, 3);
      HookwellProcess.Ended third = setting().run("listen", String.valueOf(one.port()));

      assertEquals(RUNTIME, third.code());
      assertTrue(third.err().contains("is in use by another hookwell"), third.err());
      assertEquals(1, third.err().lines().filter(line -> line.startsWith("hookwell:")).count());
      assertEquals(OK, first.interrupted().code());
      assertEquals(OK, second.interrupted().code());
      assertEquals(numbers(1, 3), one.seqs());
      assertEquals(numbers(1, 3), other.seqs());
    }
  }

  @Test
  void ctrlCEndsWellAndTheNextRunGoesOn() throws Exception {
    store(5);
    try (RecordingTarget target = RecordingTarget.start()) {
      AtomicInteger answered = new AtomicInteger();
      target.react(_ ->
          answered.incrementAndGet() <= 2
              ? new Reaction.Respond(RecordingTarget.OK)
              : new Reaction.Hang());
      String port = String.valueOf(target.port());
      try (HookwellProcess listen = setting().start("listen", port, "--from", "1")) {
        awaitSeqs(target, 3);
        assertEquals(OK, listen.interrupted().code());
      }
      target.respond(RecordingTarget.OK);
      HookwellProcess.Ended ended = setting().run("listen", port, "--once");

      assertEquals(List.of(1L, 2L, 3L, 3L, 4L, 5L), target.seqs());
      assertTrue(ended.err().contains("maybe delivered again: #3"), ended.err());
    }
  }

  @Test
  void everyWrongSettingHasOneLineAndTheRightExitCode() throws Exception {
    Client.Hook another = RUNNING.client().createHook();
    store(2);
    Path file = Files.writeString(folder.resolve("file"), "x");
    String cursor = folder.resolve("own.cursor").toString();
    assertEquals(OK, setting().run("listen", "--once", "--cursor", cursor).code());
    HookwellProcess.Setting other = HookwellProcess.Setting.of(folder, another);
    // Of another server: as this one makes them, and signed with another key.
    String elsewhere =
        HookKeys.parse("1:" + "A".repeat(42) + "E")
            .issue(Instant.now().plusSeconds(3600), new Random(1))
            .text();

    assertEnds(RUNTIME, "is the cursor of another hook", other, "--cursor", cursor);
    assertEnds(RUNTIME, "can't keep the cursor in", setting(), "--cursor", file + "/a/b");
    assertEnds(RUNTIME, "is no cursor of this version", setting(), "--cursor", file.toString());
    assertEnds(RUNTIME, "but this hook's last capture is #2", setting(), "--from", "9");
    assertEnds(
        DENIED, "hook", setting().with("HOOKWELL_KEY", another.viewKey()), "--cursor", cursor);
    assertEnds(
        DENIED,
        "There is no such hook",
        setting().with("HOOKWELL_API", RUNNING.system().address() + "/api/hooks/" + elsewhere));
    assertEnds(
        RUNTIME,
        "can't reach http://127.0.0.1:9: ",
        setting().with("HOOKWELL_API", "http://127.0.0.1:9/api/hooks/" + hook.id()));
    // Nothing is lost: the cursor is where it was.
    store(1);
    HookwellProcess.Ended ended = setting().run("listen", "--once", "--json", "--cursor", cursor);
    assertTrue(ended.out().contains("\"after\":2,\"waiting\":1"), ended.out());
  }

  private static void assertEnds(
      int code, String said, HookwellProcess.Setting setting, String... more) throws Exception {
    String[] arguments = new String[more.length + 2];
    arguments[0] = "listen";
    arguments[1] = "9";
    System.arraycopy(more, 0, arguments, 2, more.length);
    HookwellProcess.Ended ended = setting.run(arguments);

    assertEquals(code, ended.code(), ended.err());
    assertEquals("", ended.out());
    assertTrue(ended.err().contains(said), ended.err());
    assertEquals(1, ended.err().lines().count(), ended.err());
    assertFalse(ended.err().contains("Exception"), ended.err());
  }

  /** In a heap of 64 MB; the rate is measured by hand, docs/benchmarks.md. */
  @Test
  void bodiesLargerThanTheHeapAllowsAtOnceAreDeliveredEightAtATime() throws Exception {
    byte[] large = new byte[700_000];
    new Random(5).nextBytes(large);
    for (int i = 0; i < 24; i++) {
      RUNNING.client().postKept(hook, "application/octet-stream", large);
    }
    store(300);
    try (RecordingTarget target = RecordingTarget.start()) {
      HookwellProcess.Ended ended =
          setting()
              .withJava("-Xmx64m")
              .run(
                  "listen",
                  String.valueOf(target.port()),
                  "--from",
                  "1",
                  "--once",
                  "--concurrency",
                  "8");

      assertEquals(OK, ended.code(), ended.err());
      assertEquals(numbers(1, 324), target.seqs().stream().sorted().toList());
      assertEquals(
          24, target.received().stream().filter(one -> one.body().size() == 700_000).count());
    }
  }
}

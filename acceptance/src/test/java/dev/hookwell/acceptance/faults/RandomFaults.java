package dev.hookwell.acceptance.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hookwell.acceptance.support.TcpProxy;
import dev.hookwell.capture.Body;
import dev.hookwell.intake.Sent;
import dev.hookwell.local.Client;
import dev.hookwell.local.Deadline;
import dev.hookwell.local.queue.FaultyFiles;
import dev.hookwell.local.queue.OutboxException;
import dev.hookwell.local.queue.OutboxKey;
import dev.hookwell.store.StoreUnavailableException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** One sequence of random actions and faults; after each, the ledger is held against the disks. */
final class RandomFaults {
  private static final int HOOKS = 4;
  private static final int BATCH = 100;
  private static final int SENDERS = 16;

  /** Numbers of attempts are unique in a JVM. */
  private static final AtomicLong NUMBERS = new AtomicLong();

  private static final List<String> STATES =
      List.of(
          "40001", "40P01", "40003", "08006", "57014", "57P01", "25006", "53100", "53300", "23505",
          "XX000");

  /** Statuses of counted steps. */
  private static final List<Integer> SCRIPTED = List.of(200, 202, 400, 410, 429, 500, 503);

  private final FaultySystem system;
  private final Client client;
  private final Ledger ledger;
  private final RandomGenerator choices;
  private RandomGenerator random;
  private final int burst;
  private final List<Client.Hook> hooks = new ArrayList<>();
  private final List<String> log = new ArrayList<>();
  private final Map<Action, Integer> done = new EnumMap<>(Action.class);

  /** The actions, and how often each is chosen. */
  enum Action {
    SEND(22),
    SEND_BURST(8),
    PUMP(20),
    PUMP_WITH_FAULTS(12),
    READ(14),
    DELETE_ONE(4),
    SCRIPT(5),
    RESTART_SCRIPT(2),
    DELETE_SCRIPT(1),
    CLEAR(1),
    DELETE_HOOK(1),
    RETAIN(4),
    POISON(2),
    REDRIVE(2),
    WRITE_FAILS(4),
    SYNC_FAILS(3),
    SLOW_DISK(2),
    INTERRUPT(3),
    DATABASE_PROXY(3),
    BODIES_PROXY(5),
    RAISE(4),
    TERMINATE(2),
    SKEW(2),
    HOLD(1),
    KILL_DATABASE(1),
    STOP_DATABASE(1),
    RESTART_OUTBOX(1),
    KILL_OUTBOX(2);

    private final int weight;

    Action(int weight) {
      this.weight = weight;
    }
  }

  /**
   * @param burst requests of a burst at most
   */
  RandomFaults(FaultySystem system, Client client, long seed, int burst) {
    this.system = system;
    this.client = client;
    this.ledger = new Ledger(system);
    this.choices = generator(seed);
    this.random = generator(choices.nextLong());
    this.burst = burst;
  }

  /** The same numbers for the same seed, on any machine. */
  private static RandomGenerator generator(long seed) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  /**
   * Runs so many actions, heals everything, and sees that all is there.
   *
   * @return how many requests were acknowledged
   */
  int run(int actions) throws Exception {
    try {
      for (int i = 0; i < HOOKS; i++) {
        addHook();
      }
      for (int i = 0; i < actions; i++) {
        // One of its own each: how many an action takes may depend on the time.
        random = generator(choices.nextLong());
        Action action = pick();
        log.add(action.name());
        done.merge(action, 1, Integer::sum);
        perform(action);
        ledger.check();
      }
      heal();
      return ledger.acknowledgedCount();
    } catch (AssertionError | Exception e) {
      throw new AssertionError("after " + log, e);
    }
  }

  Map<Action, Integer> done() {
    return done;
  }

  /** How often counted steps of scripts answered. */
  int servedByCountedSteps() {
    return ledger.servedByCountedSteps();
  }

  private Action pick() {
    int total = 0;
    for (Action action : Action.values()) {
      total += action.weight;
    }
    int left = random.nextInt(total);
    for (Action action : Action.values()) {
      left -= action.weight;
      if (left < 0) {
        return action;
      }
    }
    throw new AssertionError("weights");
  }

  private void perform(Action action) throws Exception {
    switch (action) {
      case SEND -> send(1 + random.nextInt(8));
      case SEND_BURST -> send(1 + random.nextInt(burst));
      case PUMP -> pump(1 + random.nextInt(4), EnumSet.noneOf(StepPump.Switch.class));
      case PUMP_WITH_FAULTS -> pump(1, switches());
      case READ -> read();
      case DELETE_ONE -> deleteOne();
      case SCRIPT -> script();
      case RESTART_SCRIPT -> restartScript();
      case DELETE_SCRIPT -> delete(anyHook(), "/response");
      case CLEAR -> clear();
      case DELETE_HOOK -> deleteHook();
      case RETAIN -> retain();
      case POISON -> poison();
      case REDRIVE -> system.outbox().redrive();
      case WRITE_FAILS -> {
        FaultyFiles.failWrites(1 + random.nextInt(3));
        useWithFailures();
      }
      case SYNC_FAILS -> {
        FaultyFiles.failSyncs(1 + random.nextInt(2));
        useWithFailures();
      }
      case SLOW_DISK -> {
        FaultyFiles.slowSyncs(1 + random.nextInt(100));
        use();
        FaultyFiles.heal();
      }
      case INTERRUPT -> interrupt();
      case DATABASE_PROXY -> during(system.databaseProxy(), this::use);
      case BODIES_PROXY ->
          during(
              system.bodiesProxy(),
              () -> {
                sendLarge(1 + random.nextInt(3));
                retain();
                // So that the ledger knows the evicted ones, which are no gap for a reader.
                ledger.check();
                use();
              });
      case RAISE -> {
        int times = random.nextInt(4) == 0 ? -1 : 1 + random.nextInt(3);
        system.raise(STATES.get(random.nextInt(STATES.size())), times);
        use();
        system.calm();
      }
      case TERMINATE -> {
        system.terminateBackends();
        use();
      }
      case SKEW -> system.skew(Duration.ofMinutes(random.nextInt(11) - 5L));
      case HOLD -> hold();
      case KILL_DATABASE -> kill();
      case STOP_DATABASE -> {
        system.server().stopServer();
        use();
        system.server().startServer();
      }
      case RESTART_OUTBOX -> system.restartOutbox();
      case KILL_OUTBOX -> {
        send(1 + random.nextInt(5));
        system.killOutbox();
      }
    }
  }

  @FunctionalInterface
  private interface Step {
    void run() throws Exception;
  }

  /** Messages that are stored and cannot be deleted come again. */
  private void useWithFailures() throws Exception {
    try {
      send(1 + random.nextInt(20));
      pump(1, switches());
    } catch (OutboxException _) {
      // As the pump does, it goes on.
    }
    FaultyFiles.heal();
  }

  private void interrupt() throws Exception {
    try (ExecutorService background = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> sending =
          background.submit(() -> {
            send(50);
            return null;
          });
      while (!sending.isDone()) {
        system.interruptWriter();
        TimeUnit.MILLISECONDS.sleep(random.nextInt(5));
      }
      sending.get();
    }
  }

  /** Stops the database's processes in the middle of their work, and lets them go on. */
  private void hold() throws Exception {
    system.signal("STOP");
    try {
      use();
    } finally {
      system.signal("CONT");
    }
  }

  /** Kills the database within a batch, which a trigger holds up; it is started again by itself. */
  private void kill() throws Exception {
    send(3);
    system.execute(
        """
        CREATE OR REPLACE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          PERFORM pg_sleep(0.3); RETURN new;
        END $$;
        CREATE TRIGGER fault AFTER INSERT ON captures FOR EACH STATEMENT EXECUTE FUNCTION fault()
        """);
    try (ExecutorService background = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Integer> batch = background.submit(() -> system.steps().step(BATCH, random));
      TimeUnit.MILLISECONDS.sleep(random.nextInt(500));
      system.signal(random.nextBoolean() ? "KILL" : "QUIT");
      batch.get();
    }
    system.awaitServer();
    system.calm();
  }

  private void use() throws Exception {
    send(1 + random.nextInt(3));
    pump(1, EnumSet.noneOf(StepPump.Switch.class));
    read();
  }

  private void during(TcpProxy proxy, Step step) throws Exception {
    proxy.set(
        switch (random.nextInt(4)) {
          case 0 -> new TcpProxy.Fault.Refuse();
          case 1 -> new TcpProxy.Fault.Blackhole();
          case 2 -> new TcpProxy.Fault.Delay(1 + random.nextInt(100));
          default -> new TcpProxy.Fault.Reset(random.nextInt(1500));
        });
    try {
      step.run();
    } finally {
      proxy.heal();
    }
  }

  private Set<StepPump.Switch> switches() {
    Set<StepPump.Switch> switches = EnumSet.noneOf(StepPump.Switch.class);
    for (StepPump.Switch one : StepPump.Switch.values()) {
      if (random.nextInt(3) == 0) {
        switches.add(one);
      }
    }
    return switches;
  }

  private void pump(int steps, Set<StepPump.Switch> switches) {
    for (int i = 0; i < steps; i++) {
      system.steps().step(BATCH, switches, random);
    }
  }

  private void addHook() {
    Client.Hook hook = client.createHook();
    ledger.hook(hook);
    hooks.add(hook);
  }

  private Client.Hook anyHook() {
    return hooks.get(random.nextInt(hooks.size()));
  }

  /** A request that is sent; to the URL of its hook's script, or to the plain one. */
  private record Attempt(Client.Hook hook, boolean scripted, long number, Body body) {
    URI url() {
      return hook.url().resolve((scripted ? "/s/" : "/h/") + hook.id() + "?n=" + number);
    }
  }

  private void send(int requests) throws Exception {
    send(requests, this::body);
  }

  /** Of bodies that fit no message. */
  private void sendLarge(int requests) throws Exception {
    send(
        requests,
        () -> {
          byte[] body = new byte[900_000 + random.nextInt(200_000)];
          random.nextBytes(body);
          return body;
        });
  }

  private void send(int requests, Supplier<byte[]> bodies) throws Exception {
    List<Attempt> attempts = new ArrayList<>();
    for (int i = 0; i < requests; i++) {
      Attempt attempt =
          new Attempt(
              anyHook(),
              random.nextInt(4) == 0,
              NUMBERS.incrementAndGet(),
              Body.copyOf(bodies.get()));
      ledger.attempted(attempt.number(), attempt.body().toByteArray());
      attempts.add(attempt);
    }
    AtomicInteger next = new AtomicInteger();
    Callable<Void> sender =
        () -> {
          for (int i = next.getAndIncrement(); i < requests; i = next.getAndIncrement()) {
            send(attempts.get(i));
          }
          return null;
        };
    try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Void>> sending = new ArrayList<>();
      for (int i = 0; i < Math.min(SENDERS, requests); i++) {
        sending.add(sender);
      }
      for (Future<Void> one : senders.invokeAll(sending)) {
        one.get();
      }
    }
  }

  private void send(Attempt attempt) {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(attempt.url())
                .POST(BodyPublishers.ofByteArray(attempt.body().toByteArray())));
    Optional<String> captureId = answer.headers().firstValue("x-hookwell-capture");
    if (captureId.isPresent()) {
      assertTrue(attempt.scripted() || answer.statusCode() == 200, answer.body());
      ledger.acknowledged(attempt.hook(), captureId.get());
      ledger.told(captureId.get(), answer.statusCode(), answer.body());
    } else if (answer.statusCode() == 503) {
      assertTrue(answer.headers().firstValue("retry-after").isPresent(), "no Retry-After");
    } else {
      // The gateway's own words for a function that ran out of time, as on a crowded machine.
      assertEquals(500, answer.statusCode(), answer.body());
    }
  }

  /** A counted step, and one for all requests after it. The bodies of both name their script. */
  private void script() {
    Client.Hook hook = anyHook();
    int times = 1 + random.nextInt(20);
    int status = SCRIPTED.get(random.nextInt(SCRIPTED.size()));
    String body = ledger.script(hook, times);
    owner(
        hook,
        HttpRequest.newBuilder(URI.create(hook.apiUrl() + "/response"))
            .header("content-type", "application/json")
            .PUT(
                BodyPublishers.ofString(
                    """
                    {"steps":[{"status":%d,"times":%d,"body":"%s"},{"status":201,"body":"open"}]}
                    """
                        .formatted(status, times, body))));
  }

  private void restartScript() {
    Client.Hook hook = anyHook();
    ledger.scriptMayBegin(hook);
    owner(
        hook,
        HttpRequest.newBuilder(URI.create(hook.apiUrl() + "/response/restart"))
            .POST(BodyPublishers.noBody()));
  }

  /** Most are small, some lie apart in the store, few are large or lie apart from it. */
  private byte[] body() {
    byte[] body =
        new byte
            [switch (random.nextInt(40)) {
              case 0 -> random.nextBoolean() ? 200_000 : 900_000;
              case 1, 2, 3 -> 8_150 + random.nextInt(100);
              case 4 -> 0;
              default -> random.nextInt(300);
            }];
    random.nextBytes(body);
    return body;
  }

  private void read() {
    Client.Hook hook = anyHook();
    for (Ledger.Reader reader : ledger.readers(hook)) {
      if (random.nextInt(3) > 0) {
        read(hook, reader, 1 + random.nextInt(60));
      }
    }
  }

  /** False when the database did not answer. */
  private boolean read(Client.Hook hook, Ledger.Reader reader, int limit) {
    HttpResponse<String> answer =
        client.get(hook, "/captures?limit=" + limit + "&after=" + reader.cursor());
    if (answer.statusCode() != 200) {
      assertEquals(503, answer.statusCode(), answer.body());
      return false;
    }
    JsonNode page = Client.json(answer.body());
    ledger.read(hook, reader, page);
    return true;
  }

  private void delete(Client.Hook hook, String tail) {
    owner(hook, HttpRequest.newBuilder(URI.create(hook.apiUrl() + tail)).DELETE());
  }

  /**
   * Makes a call with the owner key. While a database is coming back, its effect may be unknown.
   */
  private void owner(Client.Hook hook, HttpRequest.Builder request) {
    int status =
        client.send(request.header("authorization", "Bearer " + hook.ownerKey())).statusCode();
    assertTrue(
        status == 200 || status == 204 || status == 404 || status == 503, "answered " + status);
  }

  private void deleteOne() {
    Client.Hook hook = anyHook();
    long last = ledger.lastSeq(hook);
    if (last > 0) {
      delete(hook, "/captures/" + (1 + random.nextLong(last)));
    }
  }

  private void clear() {
    Client.Hook hook = anyHook();
    delete(hook, "/captures");
    ledger.release(hook);
  }

  private void deleteHook() {
    Client.Hook hook = anyHook();
    delete(hook, "");
    ledger.release(hook);
    hooks.remove(hook);
    addHook();
  }

  private void poison() {
    String body = random.nextBoolean() ? "{" : "{\"v\":99}";
    assertEquals(new Sent.Kept(), system.outbox().send(OutboxKey.NO_HOOK, body));
  }

  /** Ends every fault, brings everything home, and sees that it is there. */
  private void heal() throws Exception {
    system.databaseProxy().heal();
    system.bodiesProxy().heal();
    FaultyFiles.heal();
    system.skew(Duration.ZERO);
    Deadline deadline = Deadline.inSeconds(120);
    while (!ledger.queued().isEmpty()) {
      if (system.steps().step(BATCH, random) == 0) {
        system.outbox().redrive();
        TimeUnit.MILLISECONDS.sleep(200);
      }
      deadline.check("not stored: " + ledger.queued());
    }
    ledger.check();
    ledger.assertAllStored();
    for (Client.Hook hook : hooks) {
      for (Ledger.Reader reader : ledger.readers(hook)) {
        long before;
        do {
          before = reader.cursor();
          // Its clients have little patience, and a slow machine is enough for them.
          while (!read(hook, reader, 500)) {
            deadline.check("the database does not answer");
          }
        } while (reader.cursor() > before);
      }
      ledger.assertReadersMissedNothing(hook);
      client.awaitReadable(hook);
      JsonNode counts = client.read(hook, "").get("counts");
      assertEquals(
          counts.get("stored").longValue(),
          counts.get("available").longValue()
              + counts.get("evicted").longValue()
              + counts.get("deleted").longValue());
    }
    deleteEverything();
  }

  /**
   * A run that the database fails changes nothing that the next does not make up for.
   *
   * @return whether it did not
   */
  private boolean retain() {
    try {
      system.retain();
      return true;
    } catch (StoreUnavailableException _) {
      return false;
    }
  }

  /** So that the next sequence has a small database. */
  private void deleteEverything() throws SQLException {
    for (Client.Hook hook : hooks) {
      delete(hook, "");
    }
    Deadline deadline = Deadline.inSeconds(60);
    while (!retain() || !ledger.objectsThatOutliveTheirRows().isEmpty()) {
      deadline.check("there are still " + ledger.objectsThatOutliveTheirRows());
    }
    system.execute("TRUNCATE captures, bodies, hooks, body_objects, response_scripts");
  }
}

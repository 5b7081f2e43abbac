package dev.hookwell.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.capture.SettableClock;
import dev.hookwell.capture.Shows;
import dev.hookwell.capture.script.ResponseScript;
import dev.hookwell.capture.script.ScriptException;
import dev.hookwell.capture.script.ScriptReader;
import dev.hookwell.capture.script.StepInTurn;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Scripts of responses: set, restarted, deleted, and their steps counted exactly. */
abstract class ResponseScriptContract extends StoreContract {
  private static final int PARALLEL = 50;
  private static final int PLAIN = 0;

  private final SettableClock time = new SettableClock(NOW);
  private final Database crowd;
  private final ResponseScripts scripts;

  ResponseScriptContract(String url) {
    super(url);
    crowd = Stores.open(url, 16);
    scripts = new ResponseScripts(crowd, time, Stores.retries(Clock.systemUTC()));
  }

  @AfterAll
  void closeCrowd() {
    crowd.close();
  }

  @Test
  @Shows("F61")
  void ofFiftyAtOnceACountedStepDecidesExactlyItsNumber() throws Exception {
    scripts.put(hook, script("{\"status\":503,\"times\":7},{\"status\":200}"));

    List<Integer> steps = atOnce();

    assertEquals(7, Collections.frequency(steps, 1));
    assertEquals(PARALLEL - 7, Collections.frequency(steps, 2));
  }

  @Test
  void severalCountedStepsAreUsedUpOneAfterTheOther() throws Exception {
    scripts.put(
        hook,
        script(
            "{\"status\":503,\"times\":1},{\"status\":500,\"times\":10},{\"status\":429,\"times\":20},"
                + "{\"status\":200}"));

    List<Integer> steps = atOnce();

    assertEquals(1, Collections.frequency(steps, 1));
    assertEquals(10, Collections.frequency(steps, 2));
    assertEquals(20, Collections.frequency(steps, 3));
    assertEquals(PARALLEL - 31, Collections.frequency(steps, 4));
  }

  @Test
  @Shows("F61")
  void aScriptThatIsSetMeanwhileIsCountedByItself() throws Exception {
    scripts.put(hook, script("{\"status\":503,\"times\":1000},{\"status\":200}"));
    StoredScript before = scripts.read(hook).orElseThrow();
    scripts.put(hook, script("{\"status\":500,\"times\":2},{\"status\":201}"));

    // They read the script before it was replaced.
    List<Integer> statuses = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      statuses.add(take(before, 0).orElseThrow().step().status());
    }

    assertEquals(List.of(500, 500, 201, 201, 201), statuses);
  }

  /** Scripts are set and restarted all the while; each is known by its statuses. */
  @Test
  @Shows("F61")
  void scriptsThatAreSetAndStartedAgainAmongRequestsServeEachStepAtMostItsNumber()
      throws Exception {
    int puts = 8;
    scripts.put(hook, script("{\"status\":500,\"times\":3},{\"status\":200}"));
    List<Callable<Integer>> work = new ArrayList<>();
    for (int i = 0; i < 4 * PARALLEL; i++) {
      int turn = i;
      work.add(() -> {
        if (turn % 25 == 0) {
          int put = turn / 25 + 1;
          scripts.put(
              hook,
              script(
                  "{\"status\":%d,\"times\":3},{\"status\":%d}".formatted(500 + put, 200 + put)));
        }
        return scripts.read(hook).flatMap(found -> take(found, 0)).orElseThrow().step().status();
      });
    }

    List<Integer> statuses = inThreads(work);

    assertEquals(4 * PARALLEL, statuses.size());
    for (int put = 0; put <= puts; put++) {
      int served = Collections.frequency(statuses, 500 + put);
      assertTrue(served <= 3, served + " of 500 + " + put);
    }
    scripts.put(hook, script("{\"status\":599,\"times\":2},{\"status\":299}"));
    assertEquals(List.of(1, 1, 2), List.of(next(), next(), next()));
  }

  @Test
  void restartAndPutStartFromTheFirstStepAlsoAfterTheScriptWasDeleted() {
    StoredScript first = scripts.put(hook, script("{\"status\":503,\"times\":1},{\"status\":200}"));
    assertEquals(List.of(1, 2), List.of(next(), next()));

    StoredScript restarted = scripts.restart(hook).orElseThrow();
    assertEquals(List.of(1, 2), List.of(next(), next()));

    scripts.delete(hook);
    assertEquals(Optional.empty(), scripts.read(hook));
    assertEquals(Optional.empty(), scripts.restart(hook));
    time.pass(Duration.ofMillis(5));
    StoredScript again = scripts.put(hook, first.script());
    assertEquals(List.of(1, 2), List.of(next(), next()));
    assertTrue(first.generation() < restarted.generation());
    assertTrue(restarted.generation() < again.generation());
  }

  @Test
  void aStepThatIsPassedOverGivesItsNumberToNoOther() throws Exception {
    scripts.put(
        hook,
        script("{\"status\":503,\"times\":100},{\"status\":202,\"times\":3},{\"status\":200}"));
    time.pass(ResponseScript.FAILURES_LIFE);

    List<Integer> steps = atOnce();

    assertEquals(3, Collections.frequency(steps, 2));
    assertEquals(PARALLEL - 3, Collections.frequency(steps, 3));
  }

  @Test
  void afterADayAScriptThatOnlyFailsGivesThePlainResponse() {
    scripts.put(hook, script("{\"status\":503}"));
    time.pass(ResponseScript.FAILURES_LIFE);

    assertEquals(PLAIN, next());
  }

  @Test
  void aShareDecidesTheSameRequestsWhateverIsCounted() {
    StoredScript script =
        scripts.put(
            hook,
            script(
                "{\"status\":500,\"percent\":30},{\"status\":429,\"percent\":20},{\"status\":200}"));

    assertEquals(1, take(script, 29).orElseThrow().number());
    assertEquals(2, take(script, 30).orElseThrow().number());
    assertEquals(2, take(script, 49).orElseThrow().number());
    assertEquals(3, take(script, 50).orElseThrow().number());
    assertEquals(0, scripts.read(hook).orElseThrow().taken());
  }

  @Test
  void aScriptGoesWithItsHookAndStaysWhenCapturesAreCleared() {
    scripts.put(hook, script("{\"status\":503}"));
    removal.clear(hook, NOW);
    assertTrue(scripts.read(hook).isPresent());

    removal.deleteHook(hook);
    assertEquals(0, rows("response_scripts"));

    // One that was set while the hook was deleted.
    scripts.put(hook, script("{\"status\":503}"));
    assertEquals(Optional.empty(), scripts.read(hook));
  }

  @Test
  void aScriptGoesThirtyDaysAfterItsLastUse() {
    scripts.put(hook, script("{\"status\":200}"));
    time.pass(Duration.ofDays(20));
    assertEquals(1, next());
    time.pass(Duration.ofDays(29));
    sweep();
    assertEquals(1, next());
    time.pass(Duration.ofDays(31));

    assertEquals(Optional.empty(), scripts.read(hook));
    sweep();
    assertEquals(0, rows("response_scripts"));
  }

  @Test
  void aUseWritesNothingOnTheSameDay() {
    StoredScript set = scripts.put(hook, script("{\"status\":200}"));
    time.pass(Duration.ofHours(23));
    next();

    assertEquals(set.expiresAt(), scripts.read(hook).orElseThrow().expiresAt());
  }

  @Test
  @Shows("F58")
  void aDamagedRowIsSaidToBeOneAndCanBeReplaced() {
    scripts.put(hook, script("{\"status\":200}"));
    PostgresServer.execute(
        url,
        "UPDATE response_scripts SET steps = 'rubbish' WHERE hook_id = '%s'".formatted(hook.uid()));

    assertThrows(ScriptException.class, () -> scripts.read(hook));
    scripts.put(hook, script("{\"status\":201}"));
    assertEquals(1, next());
  }

  private List<Integer> atOnce() throws Exception {
    List<Callable<Integer>> requests = new ArrayList<>();
    for (int i = 0; i < PARALLEL; i++) {
      requests.add(this::next);
    }
    return inThreads(requests);
  }

  /** The number of the step that decides, or {@link #PLAIN}. */
  private int next() {
    return scripts
        .read(hook)
        .flatMap(found -> take(found, 0))
        .map(StepInTurn::number)
        .orElse(PLAIN);
  }

  private Optional<StepInTurn> take(StoredScript found, int share) {
    return scripts.take(hook, found, share, Instant.MAX);
  }

  private void sweep() {
    new Retention(
            database, HookLimits.DEFAULT, Retention.Batches.DEFAULT, time, Stores.retries(time))
        .run(time.instant().plusSeconds(60));
  }

  private static ResponseScript script(String steps) {
    return ScriptReader.read(
        ("{\"steps\":[" + steps + "]}").getBytes(StandardCharsets.UTF_8),
        Duration.ofSeconds(3),
        NOW);
  }
}

package dev.hookwell.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.capture.Body;
import dev.hookwell.capture.BodyEncoding;
import dev.hookwell.capture.Capture;
import dev.hookwell.capture.CapturedBody;
import dev.hookwell.capture.Captures;
import dev.hookwell.capture.HookId;
import dev.hookwell.capture.RequestHead;
import dev.hookwell.capture.Sha256;
import dev.hookwell.capture.Shows;
import dev.hookwell.capture.StoredHead;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What saving and reading captures means, at whatever isolation level the database is set to. */
abstract class CaptureStoreContract extends StoreContract {
  CaptureStoreContract(String url) {
    super(url);
  }

  @Test
  void whatWasSavedIsReadAsItWas() {
    Capture capture = capture(1);

    assertEquals(List.of(SaveOutcome.STORED), save(capture));

    StoredCapture stored = reader.latest(state()).orElseThrow();
    assertEquals(hook.uid(), stored.hook());
    assertEquals(1, stored.seq());
    assertEquals(capture.id(), stored.id());
    assertEquals(capture.receivedAt(), stored.receivedAt());
    assertEquals(capture.request().method(), stored.method());
    assertEquals(capture.request().path(), stored.path(hook));
    assertEquals("/h/*/orders", stored.storedPath());
    assertEquals(capture.request().query(), stored.query());
    assertEquals(StoredHead.of(capture), stored.head());
    assertEquals(BodyEncoding.PLAIN, stored.bodyEncoding());
    assertEquals(capture.body().size(), stored.bodySize());
    assertEquals(capture.body().sha256(), stored.bodySha256());
    assertEquals(capture.body(), reader.body(state(), 1).orElseThrow());
  }

  /** A dump of the database holds no id to which somebody could send, by either URL. */
  @Test
  void thePathIsStoredWithoutTheHooksIdWhicheverUrlWasUsed() {
    for (String prefix : List.of("/h/", "/s/")) {
      Capture capture = at(capture(prefix.equals("/h/") ? 1 : 2), prefix + hook.text() + "/a/*");
      assertEquals(List.of(SaveOutcome.STORED), save(capture));

      StoredCapture stored = reader.latest(state()).orElseThrow();
      assertEquals(prefix + "*/a/*", stored.storedPath());
      assertEquals(prefix + hook.text() + "/a/*", stored.path(hook));
    }
  }

  private static Capture at(Capture capture, String path) {
    RequestHead request = capture.request();
    return new Capture(
        capture.id(),
        capture.hook(),
        capture.receivedAt(),
        new RequestHead(
            request.edge(),
            request.method(),
            path,
            request.query(),
            request.protocol(),
            request.sourceIp(),
            request.headers(),
            request.cookies()),
        capture.body(),
        capture.notes());
  }

  @Test
  @Shows("S10b")
  void aListEndsWhenItsRowsHaveSoManyBytes() {
    writer.save(captures(1, 9), DEADLINE);
    long row =
        PostgresServer.number(
            url,
            "SELECT max(length(method) + length(path) + length(query) + length(head)) FROM captures"
                + " WHERE hook_id = '%s'".formatted(hook.uid()));

    assertList(List.of(1L), true, reader.listAfter(state(), 0, 9, 1));
    assertList(List.of(1L, 2L, 3L), true, reader.listAfter(state(), 0, 9, 3 * row));
    assertList(List.of(1L, 2L, 3L, 4L), true, reader.listAfter(state(), 0, 9, 3 * row + 1));
    assertList(numbers(1, 8), true, reader.listAfter(state(), 0, 9, 8 * row));
    assertList(numbers(1, 9), false, reader.listAfter(state(), 0, 9, 8 * row + 1));
    assertList(numbers(1, 8), true, reader.listAfter(state(), 0, 8, 9 * row));
    assertList(List.of(9L, 8L), true, reader.listBefore(state(), 100, 9, 2 * row));
    assertList(List.of(2L, 1L), false, reader.listBefore(state(), 3, 2, 2 * row));
    assertList(List.of(), false, reader.listAfter(state(), 9, 9, 2 * row));
    assertEquals(
        capture(1).receivedAt().plus(HookLimits.DEFAULT.captureLife()),
        reader.listAfter(state(), 0, 3, row).firstExpiry().orElseThrow());
    assertTrue(reader.listAfter(state(), 9, 3, row).firstExpiry().isEmpty());
  }

  private static void assertList(List<Long> seqs, boolean more, CaptureList list) {
    assertEquals(seqs, seqs(list.captures()));
    assertEquals(more, list.more(), seqs + " and more");
  }

  /** Statements are for powers of two of hooks: none but those of the batch may get a row. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 7, 17, 97, 100})
  void aBatchOfAnyNumberOfHooksMakesTheirRowsAndNoOther(int hooks) {
    PostgresServer.execute(url, "TRUNCATE hooks, captures, bodies");
    List<HookId> ids = new ArrayList<>();
    List<Capture> batch = new ArrayList<>();
    for (int i = 0; i < hooks; i++) {
      ids.add(anotherHook());
      batch.add(Captures.capture(ids.get(i), 1, new byte[i]));
      batch.add(Captures.capture(ids.get(i), 2, new byte[20_000]));
    }
    Collections.shuffle(batch, new Random(hooks));

    assertEquals(Collections.nCopies(2 * hooks, SaveOutcome.STORED), writer.save(batch, DEADLINE));

    assertEquals(hooks, PostgresServer.number(url, "SELECT count(*) FROM hooks"));
    for (int i = 0; i < hooks; i++) {
      HookState state = reader.hook(ids.get(i).uid()).orElseThrow();
      assertEquals(2, state.lastSeq());
      assertEquals(i + 20_000, state.bytes());
      assertEquals(List.of(1L, 2L), seqs(reader.after(state, 0, 10)));
    }
    assertEquals(0, wrongRows());
    assertEquals(
        Collections.nCopies(2 * hooks, SaveOutcome.DUPLICATE), writer.save(batch, DEADLINE));
    assertEquals(0, wrongRows());
  }

  /** Each of which the database plans once: see WireIT. */
  @Test
  void batchesOfAnyNumberOfHooksTakeAFewTextsOfTheStatement() {
    Set<String> texts = new TreeSet<>();
    List<EncodedCapture> captures = new ArrayList<>();
    for (int hook = 1; hook <= 1000; hook++) {
      captures.add(EncodedCapture.of(Captures.capture(Captures.hook(hook), 1, new byte[1])));
      texts.add(SaveStatement.statement(captures).jdbc());
    }
    assertEquals(1 + 2 + 4 + 5 + 6 + 7 + 8 + 9 + 10 + 11, texts.size());
  }

  @Test
  void aBodyThatWasNotKeptCountsNothing() {
    CapturedBody body = CapturedBody.of(Body.copyOf(new byte[5000]));
    Capture kept = Captures.capture(hook, 1, new byte[70]);
    Capture notKept =
        new Capture(
            Captures.id(2),
            hook,
            kept.receivedAt(),
            kept.request(),
            new CapturedBody(BodyEncoding.NONE, Body.EMPTY, body.size(), body.sha256()),
            List.of());

    assertEquals(List.of(SaveOutcome.STORED, SaveOutcome.STORED), save(kept, notKept));

    assertEquals(70, state().bytes());
    assertEquals(5000, reader.bySeq(state(), 2).orElseThrow().bodySize());
    removal.deleteOne(hook.uid(), 2);
    assertEquals(70, state().bytes());
    assertCountsAreExact();
  }

  @Test
  void aHookWithoutCapturesHasNoRow() {
    assertTrue(reader.hook(hook.uid()).isEmpty());
  }

  @Test
  void theRowOfAHookTellsItsNumbers() {
    save(capture(1), capture(2));

    HookState state = state();
    assertEquals(Captures.EXPIRES_AT, state.expiresAt());
    assertEquals(2, state.lastSeq());
    assertEquals(0, state.floorSeq());
    assertEquals(2, state.available());
    assertEquals(2, state.revision());
    assertEquals(12, state.bytes());
    assertTrue(state.clearedAt().isEmpty());
    assertTrue(state.deletedAt().isEmpty());
    assertEquals(OptionalLong.of(1), reader.firstSeq(state));
  }

  @Test
  void numbersAreDenseOverBatchesAndHooks() {
    HookId other = anotherHook();
    for (int batch = 0; batch < 5; batch++) {
      List<Capture> captures = new ArrayList<>();
      for (int i = 1; i <= 7; i++) {
        captures.add(capture(batch * 10L + i));
        captures.add(Captures.capture(other, batch * 10L + i, new byte[i]));
      }
      Collections.shuffle(captures, new Random(batch));
      assertEquals(Collections.nCopies(14, SaveOutcome.STORED), writer.save(captures, DEADLINE));
    }

    List<Long> oneTo35 = LongStream.rangeClosed(1, 35).boxed().toList();
    HookState otherState = reader.hook(other.uid()).orElseThrow();
    assertEquals(oneTo35, seqs(reader.after(state(), 0, 100)));
    assertEquals(oneTo35, seqs(reader.after(otherState, 0, 100)));
    assertCountsAreExact();
  }

  @Test
  void aBatchIsNumberedInTheOrderOfReceipt() {
    List<Capture> captures = new ArrayList<>(captures(1, 20));
    Collections.shuffle(captures, new Random(3));

    writer.save(captures, DEADLINE);

    assertEquals(ids(captures(1, 20)), storedIds());
  }

  @Test
  @Shows("F27")
  void duplicatesWithinABatchAreStoredOnce() {
    assertEquals(
        List.of(
            SaveOutcome.STORED, SaveOutcome.DUPLICATE, SaveOutcome.STORED, SaveOutcome.DUPLICATE),
        save(capture(1), capture(1), capture(2), capture(1)));

    assertEquals(2, state().lastSeq());
    assertCountsAreExact();
  }

  @Test
  @Shows("F25")
  void duplicatesOfAnEarlierBatchBurnNoNumber() {
    save(capture(1), capture(2));
    StoredCapture first = reader.bySeq(state(), 1).orElseThrow();

    assertEquals(
        List.of(SaveOutcome.DUPLICATE, SaveOutcome.STORED, SaveOutcome.DUPLICATE),
        save(capture(2), capture(3), capture(1)));
    assertEquals(List.of(SaveOutcome.DUPLICATE), save(capture(3)));

    assertEquals(ids(captures(1, 3)), storedIds());
    assertEquals(first, reader.bySeq(state(), 1).orElseThrow());
    assertCountsAreExact();
  }

  @Test
  void duplicatesBesideLargeBodiesLeaveThemWhole() {
    byte[] large = new byte[EncodedCapture.LARGEST_INLINE_BODY + 1];
    Capture first = Captures.capture(hook, 1, large);
    Capture second = Captures.capture(hook, 2, large);
    save(first);

    assertEquals(
        List.of(SaveOutcome.DUPLICATE, SaveOutcome.STORED, SaveOutcome.STORED),
        save(first, second, capture(3)));

    for (long seq = 1; seq <= 2; seq++) {
      assertEquals(first.body(), reader.body(state(), seq).orElseThrow());
    }
    assertCountsAreExact();
  }

  @Test
  void oneCaptureIdInTwoHooksIsTwoCaptures() {
    HookId other = anotherHook();

    assertEquals(
        List.of(SaveOutcome.STORED, SaveOutcome.STORED),
        save(capture(1), Captures.capture(other, 1, new byte[3])));
  }

  @Test
  @Shows("F24")
  void concurrentDuplicatesLeaveOneRowAndNoGap() throws Exception {
    List<Capture> all = captures(1, 200);
    List<Callable<List<SaveOutcome>>> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      List<Capture> mine = new ArrayList<>(all);
      Collections.shuffle(mine, new Random(i));
      writers.add(() -> {
        List<SaveOutcome> outcomes = new ArrayList<>();
        for (int from = 0; from < mine.size(); from += 20) {
          outcomes.addAll(writer.save(mine.subList(from, from + 20), DEADLINE));
        }
        return outcomes;
      });
    }

    List<SaveOutcome> outcomes = new ArrayList<>();
    for (List<SaveOutcome> some : inThreads(writers)) {
      outcomes.addAll(some);
    }

    assertEquals(200, Collections.frequency(outcomes, SaveOutcome.STORED));
    assertEquals(200 * (WRITERS - 1), Collections.frequency(outcomes, SaveOutcome.DUPLICATE));
    assertEquals(200, state().lastSeq());
    assertEquals(
        LongStream.rangeClosed(1, 200).boxed().toList(), seqs(reader.after(state(), 0, 1000)));
    assertCountsAreExact();
  }

  @Test
  void writersOfTheSameHooksInDifferentOrdersQueueUp() throws Exception {
    List<HookId> hooks = IntStream.range(0, 6).mapToObj(i -> anotherHook()).toList();
    List<Callable<List<SaveOutcome>>> writers = new ArrayList<>();
    for (int w = 0; w < WRITERS; w++) {
      long first = w * 1000L;
      Random random = new Random(w);
      writers.add(() -> {
        List<SaveOutcome> outcomes = new ArrayList<>();
        for (int b = 0; b < 20; b++) {
          List<HookId> order = new ArrayList<>(hooks);
          Collections.shuffle(order, random);
          List<Capture> batch = new ArrayList<>();
          for (HookId one : order) {
            batch.add(Captures.capture(one, first + b * 10L + batch.size(), new byte[9]));
          }
          outcomes.addAll(writer.save(batch, DEADLINE));
        }
        return outcomes;
      });
    }
    for (List<SaveOutcome> outcomes : inThreads(writers)) {
      assertEquals(Collections.nCopies(120, SaveOutcome.STORED), outcomes);
    }

    for (HookId one : hooks) {
      HookState state = reader.hook(one.uid()).orElseThrow();
      assertEquals(numbers(1, WRITERS * 20L), seqs(reader.after(state, 0, 1000)));
    }
  }

  @Test
  @Shows("F28")
  void aReaderByCursorSeesEveryCaptureOnceAndInOrder() throws Exception {
    int batches = 30;
    int size = 10;
    HookId other = anotherHook();
    AtomicBoolean saved = new AtomicBoolean();
    List<Callable<List<SaveOutcome>>> writers =
        IntStream.range(0, WRITERS)
            .<Callable<List<SaveOutcome>>>mapToObj(w ->
                () -> {
                  for (int b = 0; b < batches; b++) {
                    List<Capture> batch = new ArrayList<>();
                    long first = (w * batches + b) * 100L;
                    for (int i = 0; i < size; i++) {
                      batch.add(capture(first + i));
                    }
                    batch.add(Captures.capture(other, first, new byte[1]));
                    writer.save(batch, DEADLINE);
                  }
                  return List.of();
                })
            .toList();

    try (ExecutorService polling = Executors.newSingleThreadExecutor()) {
      Future<List<Long>> polled =
          polling.submit(() -> {
            List<Long> seen = new ArrayList<>();
            boolean done;
            do {
              boolean last = saved.get();
              long cursor = seen.isEmpty() ? 0 : seen.getLast();
              List<StoredCapture> page =
                  reader
                      .hook(hook.uid())
                      .map(state -> reader.after(state, cursor, 37))
                      .orElse(List.of());
              seen.addAll(seqs(page));
              done = last && page.isEmpty();
            } while (!done);
            return seen;
          });
      try {
        inThreads(writers);
      } finally {
        saved.set(true);
      }

      assertEquals(
          LongStream.rangeClosed(1, (long) WRITERS * batches * size).boxed().toList(),
          polled.get());
    }
  }

  @Test
  void pagesGoBothWaysAndMeet() {
    writer.save(captures(1, 10), DEADLINE);
    HookState state = state();

    assertEquals(List.of(4L, 5L, 6L), seqs(reader.after(state, 3, 3)));
    assertEquals(List.of(10L, 9L, 8L), seqs(reader.newest(state, 3)));
    assertEquals(List.of(7L, 6L), seqs(reader.before(state, 8, 2)));
    assertEquals(List.of(), reader.after(state, 10, 5));
    assertEquals(List.of(), reader.after(state, 99, 5));
    assertEquals(List.of(), reader.before(state, 1, 5));
  }

  @Test
  void oneCaptureIsFoundByNumberAndById() {
    writer.save(captures(1, 3), DEADLINE);
    HookState state = state();

    assertEquals(Captures.id(2), reader.bySeq(state, 2).orElseThrow().id());
    assertEquals(2, reader.byId(state, Captures.id(2)).orElseThrow().seq());
    assertTrue(reader.bySeq(state, 4).isEmpty());
    assertTrue(reader.bySeq(state, 0).isEmpty());
    assertTrue(reader.bySeq(state, Long.MIN_VALUE).isEmpty());
    assertTrue(reader.byId(state, Captures.id(4)).isEmpty());
    assertTrue(reader.body(state, 4).isEmpty());
  }

  @Test
  void bodiesOfEverySizeAreKept() {
    List<Capture> captures = new ArrayList<>();
    int id = 0;
    for (int size : new int[] {0, 1, 8191, 8192, 8193, 700_000}) {
      byte[] bytes = new byte[size];
      new Random(size).nextBytes(bytes);
      captures.add(Captures.capture(hook, ++id, bytes));
    }

    writer.save(captures, DEADLINE);

    HookState state = state();
    for (int seq = 1; seq <= captures.size(); seq++) {
      assertEquals(captures.get(seq - 1).body(), reader.body(state, seq).orElseThrow());
    }
    assertEquals(List.of(2L, 6L), List.copyOf(reader.bodies(state, List.of(6L, 2L, 99L)).keySet()));
    assertEquals(
        2,
        PostgresServer.number(
            url, "SELECT count(*) FROM bodies WHERE hook_id = '" + hook.uid() + "'"));
    assertCountsAreExact();
  }

  @Test
  void bodiesKeepTheirEncoding() {
    Body delivered = Body.copyOf("a".repeat(50_000).getBytes(StandardCharsets.UTF_8));
    CapturedBody gzip =
        new CapturedBody(
            BodyEncoding.GZIP,
            Body.copyOf(new byte[] {31, -117, 8, 0}),
            50_000,
            Sha256.of(delivered));
    CapturedBody none =
        new CapturedBody(BodyEncoding.NONE, Body.EMPTY, 5_000_000, Sha256.of(delivered));
    save(withBody(capture(1), gzip), withBody(capture(2), none));

    assertEquals(gzip, reader.body(state(), 1).orElseThrow());
    assertEquals(none, reader.body(state(), 2).orElseThrow());
    assertEquals(50_000, reader.bySeq(state(), 1).orElseThrow().bodySize());
  }

  private static Capture withBody(Capture capture, CapturedBody body) {
    return new Capture(
        capture.id(),
        capture.hook(),
        capture.receivedAt(),
        capture.request(),
        body,
        capture.notes());
  }

  @Test
  void aBatchOfMoreThanAStatementMayHoldIsCutAndStaysInOrder() {
    List<Capture> captures = new ArrayList<>();
    for (int i = 1; i <= 12; i++) {
      captures.add(Captures.capture(hook, i, new byte[900_000]));
    }

    assertEquals(Collections.nCopies(12, SaveOutcome.STORED), writer.save(captures, DEADLINE));

    assertEquals(ids(captures), storedIds());
    assertCountsAreExact();
  }

  @Test
  @Shows("S11")
  void anExpiredCaptureIsNotReadThoughItsRowIsThere() {
    writer.save(List.of(capture(1), capture(3_600_000)), DEADLINE);
    CaptureReader weekLater =
        readerAt(Clock.offset(CLOCK, Duration.ofDays(7).minus(Duration.ofMinutes(30))));

    HookState state = state();
    assertEquals(List.of(2L), seqs(weekLater.after(state, 0, 10)));
    assertEquals(List.of(2L), seqs(weekLater.newest(state, 10)));
    assertEquals(OptionalLong.of(2), weekLater.firstSeq(state));
    assertTrue(weekLater.bySeq(state, 1).isEmpty());
    assertTrue(weekLater.byId(state, Captures.id(1)).isEmpty());
    assertTrue(weekLater.body(state, 1).isEmpty());
  }

  @Test
  @Shows("F23")
  void aCaptureWhoseLifeIsOverWhenItArrivesIsNotStored() {
    Clock later = Clock.offset(CLOCK, Duration.ofDays(7));
    CaptureWriter late =
        new CaptureWriter(database, HookLimits.DEFAULT, later, Stores.retries(later));

    assertEquals(
        List.of(SaveOutcome.EXPIRED),
        late.save(List.of(capture(1)), later.instant().plusSeconds(60)));
    assertTrue(reader.hook(hook.uid()).isEmpty());
  }

  @Test
  void nothingIsSavedOfAnEmptyBatch() {
    assertEquals(List.of(), save());
  }

  @Test
  void whatTheDeadlineDoesNotAllowIsToComeAgain() {
    assertEquals(
        List.of(SaveOutcome.RETRY_LATER, SaveOutcome.RETRY_LATER),
        writer.save(captures(1, 2), NOW));
    assertTrue(reader.hook(hook.uid()).isEmpty());
  }
}

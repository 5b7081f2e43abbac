package dev.hookwell.api;

import dev.hookwell.api.find.Filters;
import dev.hookwell.api.find.HeadVerdict;
import dev.hookwell.api.find.SearchedBody;
import dev.hookwell.api.find.SearchedHead;
import dev.hookwell.capture.CapturedBody;
import dev.hookwell.capture.CorruptBodyException;
import dev.hookwell.capture.HookId;
import dev.hookwell.capture.ProblemType;
import dev.hookwell.store.CaptureList;
import dev.hookwell.store.HookState;
import dev.hookwell.store.StoredCapture;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * One call's search for captures that meet filters. All its steps together read a bounded number of
 * rows and of bytes of bodies, and it records how far it came. A body is read only where the head
 * does not decide. Not thread-safe.
 */
final class CaptureSearch {
  /** The most captures that a call searches. */
  static final int MOST_ROWS = 500;

  private final Bodies bodies;
  private final HookId hook;
  private final ListQuery query;
  private final Filters filters;
  private final boolean readsBodies;
  private final SortedSet<Long> partial = new TreeSet<>();
  private final Map<Long, Sender> senders = new HashMap<>();
  private int rowsLeft = MOST_ROWS;
  private long bytesLeft = SearchedBody.MOST_BYTES;
  private OptionalLong lastLooked = OptionalLong.empty();
  private long highestLooked;
  private boolean atEnd;

  /** Bodies as they were enqueued, by number. */
  @FunctionalInterface
  interface Bodies {
    Map<Long, CapturedBody> read(HookState state, Collection<Long> seqs);
  }

  /** Captures from a number on, without bodies. */
  @FunctionalInterface
  interface Rows {
    CaptureList read(HookState state, boolean ascending, long from, int limit);
  }

  /** A row, and the verdict on its head. */
  private record Candidate(
      StoredCapture capture, Optional<Sender> sender, SearchedHead head, HeadVerdict verdict) {}

  /**
   * @throws ProblemException when the operator has switched such searches off
   */
  CaptureSearch(Bodies bodies, HookId hook, ListQuery query, SearchMode mode) {
    this.bodies = bodies;
    this.hook = hook;
    this.query = query;
    this.filters = query.filters();
    this.readsBodies =
        switch (mode) {
          case ON -> true;
          case HEADS -> {
            if (filters.needsBodies()) {
              throw off("The operator's setting SEARCH is heads: json= looks into bodies.");
            }
            yield false;
          }
          case OFF -> throw off("The operator's setting SEARCH is off.");
        };
  }

  private static ProblemException off(String detail) {
    return new ProblemException(ProblemType.SEARCH_OFF, detail);
  }

  /**
   * Continues where the last step ended. A search from the newest capture goes down to the oldest
   * first, and then through arrivals. The list's {@code more} says that there is more to search, or
   * that this call has reached its bounds.
   */
  CaptureList look(HookState state, Rows rows) {
    if (rowsLeft == 0) {
      return new CaptureList(List.of(), true, Optional.empty());
    }
    if (query.after().isPresent()) {
      long from = lastLooked.orElse(query.cursor());
      return look(state, rows.read(state, true, from, rowsLeft));
    }
    if (!atEnd) {
      long from = lastLooked.orElse(query.before().orElse(Long.MAX_VALUE));
      CaptureList found = rows.read(state, false, from, rowsLeft);
      atEnd = !found.more();
      return look(state, found);
    }
    // A search below a given number does not look at arrivals.
    return query.before().isPresent()
        ? new CaptureList(List.of(), false, Optional.empty())
        : newestFirst(look(state, rows.read(state, true, highestLooked, rowsLeft)));
  }

  private CaptureList look(HookState state, CaptureList found) {
    List<Candidate> candidates = found.captures().stream().map(this::candidate).toList();
    List<StoredCapture> matches = new ArrayList<>();
    Map<Long, CapturedBody> read = Map.of();
    int readUpTo = 0;
    for (int i = 0; i < candidates.size(); i++) {
      Candidate candidate = candidates.get(i);
      if (isToBeRead(candidate) && i >= readUpTo) {
        if (cost(candidate) > bytesLeft) {
          return new CaptureList(matches, true, Optional.empty());
        }
        readUpTo = endOfNextBodies(candidates, i);
        read = read(state, candidates.subList(i, readUpTo));
      }
      looked(candidate);
      if (holds(candidate, read)) {
        matches.add(candidate.capture());
        if (matches.size() == query.limit()) {
          boolean more = i + 1 < candidates.size() || found.more();
          return new CaptureList(matches, more, Optional.empty());
        }
      }
    }
    return new CaptureList(matches, found.more(), Optional.empty());
  }

  private void looked(Candidate candidate) {
    long seq = candidate.capture().seq();
    rowsLeft--;
    highestLooked = Math.max(highestLooked, seq);
    boolean forwards = query.after().isPresent();
    lastLooked = OptionalLong.of(forwards ? seq : Math.min(seq, lastLooked.orElse(seq)));
    if (isToBeRead(candidate)) {
      bytesLeft -= cost(candidate);
    }
  }

  private static CaptureList newestFirst(CaptureList arrivals) {
    return new CaptureList(arrivals.captures().reversed(), arrivals.more(), Optional.empty());
  }

  private Candidate candidate(StoredCapture capture) {
    Optional<Sender> sender = Sender.of(capture);
    SearchedHead head = SearchedHeads.of(hook, capture, sender);
    return new Candidate(capture, sender, head, filters.onHead(head));
  }

  /** Objects are not read: they did not compress, so hardly any holds text. */
  private boolean isToBeRead(Candidate candidate) {
    StoredCapture capture = candidate.capture();
    boolean inDatabase =
        switch (capture.bodyEncoding()) {
          case PLAIN, GZIP -> true;
          case NONE, OBJECT -> false;
        };
    return readsBodies
        && candidate.verdict() == HeadVerdict.OPEN
        && capture.bodySize() > 0
        && inDatabase;
  }

  private static long cost(Candidate candidate) {
    return Math.min(candidate.capture().bodySize(), SearchedBody.MOST_BYTES);
  }

  /** The end of the bodies to read at once: as many as this call may still read. */
  private int endOfNextBodies(List<Candidate> candidates, int start) {
    long bytes = 0;
    int end = start;
    while (end < candidates.size()) {
      Candidate candidate = candidates.get(end);
      bytes += isToBeRead(candidate) ? cost(candidate) : 0;
      if (bytes > bytesLeft) {
        return end;
      }
      end++;
    }
    return end;
  }

  private Map<Long, CapturedBody> read(HookState state, List<Candidate> candidates) {
    return bodies.read(
        state,
        candidates.stream()
            .filter(this::isToBeRead)
            .map(candidate -> candidate.capture().seq())
            .toList());
  }

  private boolean holds(Candidate candidate, Map<Long, CapturedBody> read) {
    return switch (candidate.verdict()) {
      case HOLDS -> true;
      case FAILS -> false;
      case OPEN -> bodyHolds(candidate, read);
    };
  }

  private boolean bodyHolds(Candidate candidate, Map<Long, CapturedBody> read) {
    long seq = candidate.capture().seq();
    if (candidate.capture().bodySize() == 0) {
      return false;
    }
    if (!isToBeRead(candidate)) {
      partial.add(seq);
      return false;
    }
    CapturedBody body = read.get(seq);
    // Deleted since its row was read.
    return body != null && bodyHolds(candidate, body);
  }

  private boolean bodyHolds(Candidate candidate, CapturedBody body) {
    long seq = candidate.capture().seq();
    boolean whole = candidate.capture().bodySize() <= SearchedBody.MOST_BYTES;
    if (!whole) {
      partial.add(seq);
    }
    try {
      byte[] start = body.delivered().map(BodyStart::of).orElseGet(() -> new byte[0]);
      Optional<Sender> sender = candidate.sender().map(known -> known.completedBy(start, whole));
      sender.ifPresent(known -> senders.put(seq, known));
      SearchedBody searched =
          new SearchedBody(
              start,
              whole,
              SearchedBody.Kind.of(candidate.head(), start),
              sender.flatMap(Sender::event),
              sender.flatMap(Sender::deliveryId));
      return switch (filters.onBody(candidate.head(), searched)) {
        case HOLDS -> true;
        case FAILS -> false;
        case UNREAD -> {
          partial.add(seq);
          yield false;
        }
      };
    } catch (CorruptBodyException _) {
      // One damaged row must not end every search of its hook.
      partial.add(seq);
      return false;
    }
  }

  /** The last number searched, or else the caller's own cursor. */
  long lastLooked() {
    return lastLooked.orElse(query.cursor());
  }

  /** The partial captures up to a number: those that could not be searched completely. */
  SortedSet<Long> partialUpTo(long last) {
    return query.after().isPresent() ? partial.headSet(last + 1) : partial.tailSet(last);
  }

  /** The senders completed from a body, by the number of the capture. */
  Map<Long, Sender> senders() {
    return senders;
  }
}

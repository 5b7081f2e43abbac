package dev.hookwell.api;

import dev.hookwell.capture.CapturedBody;
import dev.hookwell.capture.HookId;
import dev.hookwell.capture.JsonBytes;
import dev.hookwell.store.CaptureList;
import dev.hookwell.store.CaptureReader;
import dev.hookwell.store.HookState;
import dev.hookwell.store.StoredCapture;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Captures of one response, each a JSON object: as many as were asked for and as fit.
 *
 * @param lastSeq the number of the last one; the next page goes on from it
 * @param more whether there are more in this direction
 */
record CapturePage(List<byte[]> captures, Optional<Long> lastSeq, boolean more) {
  /** The longest response, in bytes, for any query; well below the gateway's limit. */
  static final int MAX_BYTES = 1024 * 1024;

  /** The size of the JSON around the captures. */
  private static final int FRAME_BYTES = 1024;

  /**
   * @param found in order, not more than asked for
   */
  static CapturePage of(
      HookId hook, CaptureList found, ListQuery query, HookState state, CaptureReader reader) {
    return of(hook, found, Map.of(), query, state, reader);
  }

  /**
   * @param found in order, not more than asked for
   * @param senders those completed from a body that was read, by the number of the capture
   */
  static CapturePage of(
      HookId hook,
      CaptureList found,
      Map<Long, Sender> senders,
      ListQuery query,
      HookState state,
      CaptureReader reader) {
    List<StoredCapture> asked = found.captures();
    List<byte[]> captures = new ArrayList<>();
    Map<Long, CapturedBody> bodies = Map.of();
    int bodiesUpTo = 0;
    long bytes = FRAME_BYTES;
    for (int i = 0; i < asked.size(); i++) {
      if (query.includeBody() && i == bodiesUpTo) {
        bodiesUpTo = endOfNextBodies(asked, i);
        bodies = bodies(asked.subList(i, bodiesUpTo), state, reader);
      }
      StoredCapture capture = asked.get(i);
      Optional<CapturedBody> body =
          Optional.ofNullable(bodies.get(capture.seq())).filter(CaptureJson::isReadable);
      Optional<Sender> sender =
          Optional.ofNullable(senders.get(capture.seq()))
              .or(() -> Sender.of(capture).map(known -> known.completedBy(body)));
      byte[] json = json(hook, capture, sender, query, body);
      if (captures.isEmpty() && json.length > MAX_BYTES - FRAME_BYTES) {
        // Escapes can make a text several times as long: the body is fetched by itself then.
        json = json(hook, capture, sender, query, Optional.empty());
      }
      if (!captures.isEmpty() && bytes + json.length + 1 > MAX_BYTES) {
        return new CapturePage(captures, Optional.of(asked.get(i - 1).seq()), true);
      }
      captures.add(json);
      bytes += json.length + 1;
    }
    Optional<Long> last =
        asked.isEmpty() ? Optional.empty() : Optional.of(asked.get(asked.size() - 1).seq());
    return new CapturePage(captures, last, found.more());
  }

  /** The end of the bodies to read at once: as many as one response may hold. */
  private static int endOfNextBodies(List<StoredCapture> captures, int start) {
    long bytes = 0;
    int end = start;
    while (end < captures.size() && (end == start || bytes < MAX_BYTES)) {
      StoredCapture capture = captures.get(end);
      bytes += CaptureJson.showsData(capture) ? capture.bodySize() : 0;
      end++;
    }
    return end;
  }

  private static Map<Long, CapturedBody> bodies(
      List<StoredCapture> captures, HookState state, CaptureReader reader) {
    List<Long> shown =
        captures.stream().filter(CaptureJson::showsData).map(StoredCapture::seq).toList();
    return shown.isEmpty() ? Map.of() : reader.bodies(state, shown);
  }

  private static byte[] json(
      HookId hook,
      StoredCapture capture,
      Optional<Sender> sender,
      ListQuery query,
      Optional<CapturedBody> body) {
    return JsonBytes.object(json -> {
      CaptureJson.summary(json, hook, capture, sender);
      if (query.includeHeaders()) {
        CaptureJson.headers(json, capture);
      }
      if (query.includeBody()) {
        CaptureJson.body(json, capture, body);
      }
    });
  }
}

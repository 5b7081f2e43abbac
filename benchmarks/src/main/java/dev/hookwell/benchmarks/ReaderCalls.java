package dev.hookwell.benchmarks;

import dev.hookwell.api.ApiHandler;
import dev.hookwell.api.ApiSettings;
import dev.hookwell.capture.Captures;
import dev.hookwell.capture.Environment;
import dev.hookwell.capture.EventLog;
import dev.hookwell.capture.Events;
import dev.hookwell.capture.HookId;
import dev.hookwell.capture.ReaderKeys;
import dev.hookwell.store.Database;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;

/** Calls of a reader to the function of the API, without a gateway between them. */
final class ReaderCalls {
  private ReaderCalls() {}

  static ApiHandler handler(Database database) {
    return new ApiHandler(
        ApiSettings.from(
            new Environment(
                Map.of(
                    "HOOK_KEYS", Captures.HOOK_KEYS,
                    "READER_KEYS", Captures.READER_KEYS,
                    "SEED_KEY", Captures.SEED_KEY)),
            Rows.CLOCK),
        database,
        Rows.CLOCK,
        new Random(1),
        Thread::sleep,
        new EventLog(line -> {}, Rows.CLOCK));
  }

  /**
   * The event of a list.
   *
   * @param etag of an earlier response, or empty
   */
  static byte[] list(HookId hook, String query, String etag) {
    Events event =
        Events.event("GET", "/api/hooks/" + hook.text() + "/captures")
            .query(query)
            .header(
                "authorization", "Bearer " + ReaderKeys.parse(Captures.READER_KEYS).viewKey(hook));
    if (!etag.isEmpty()) {
      event.header("if-none-match", etag);
    }
    return event.json().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Calls the function.
   *
   * @throws IllegalStateException when it answers with another status
   */
  static String call(ApiHandler api, byte[] event, int status) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    api.handleRequest(new ByteArrayInputStream(event), out, new Invocation(25_000));
    String answer = out.toString(StandardCharsets.UTF_8);
    if (!answer.contains("\"statusCode\":" + status)) {
      throw new IllegalStateException(answer);
    }
    return answer;
  }
}

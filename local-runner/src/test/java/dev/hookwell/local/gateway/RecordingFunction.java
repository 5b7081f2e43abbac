package dev.hookwell.local.gateway;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Keeps the events that reach it and answers them all alike. */
final class RecordingFunction implements RequestStreamHandler {
  static final String OK = "{\"statusCode\":200,\"body\":\"kept\"}";

  private final BlockingQueue<JsonObject> events = new LinkedBlockingQueue<>();
  private volatile String answer = OK;

  void answer(String json) {
    answer = json;
  }

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    events.add(new JsonObject(Buffer.buffer(input.readAllBytes())));
    output.write(answer.getBytes(StandardCharsets.UTF_8));
  }

  /** The next event, once it is there. */
  JsonObject event() throws InterruptedException {
    JsonObject event = events.poll(20, TimeUnit.SECONDS);
    if (event == null) {
      throw new AssertionError("no event arrived");
    }
    return event;
  }

  int waiting() {
    return events.size();
  }
}

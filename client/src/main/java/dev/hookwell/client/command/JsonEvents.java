package dev.hookwell.client.command;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.hookwell.client.Bytes;
import dev.hookwell.client.Capture;
import dev.hookwell.client.Json;
import dev.hookwell.client.delivery.Delivery;
import dev.hookwell.client.listen.Delivered;
import dev.hookwell.client.listen.ListenEvents;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Optional;

/** Events for a program: a JSON object a line on the standard output. docs/client.md lists them. */
final class JsonEvents implements ListenEvents {
  private final Surroundings surroundings;
  private final String hook;
  private final Optional<String> target;
  private final boolean prints;

  JsonEvents(Surroundings surroundings, String hook, Optional<String> target, boolean prints) {
    this.surroundings = surroundings;
    this.hook = hook;
    this.target = target;
    this.prints = prints;
  }

  @Override
  public void ready(long after, long waiting, long earlier) {
    write(
        "ready",
        json -> {
          json.writeStringField("hook", hook);
          nullable(json, "target", target);
          json.writeNumberField("after", after);
          json.writeNumberField("waiting", waiting);
          json.writeNumberField("earlier", earlier);
        });
  }

  @Override
  public void repeating(Collection<Long> numbers) {
    write(
        "repeating",
        json -> {
          json.writeArrayFieldStart("seqs");
          for (long number : numbers) {
            json.writeNumber(number);
          }
          json.writeEndArray();
        });
  }

  @Override
  public void delivered(Delivered delivered) {
    write("event", json -> members(json, delivered));
  }

  /** The members of a delivery. */
  static void members(JsonGenerator json, Delivered delivered) throws IOException {
    Capture capture = delivered.capture();
    json.writeNumberField("seq", capture.seq());
    json.writeStringField("id", capture.id());
    json.writeStringField("receivedAt", time(capture.receivedAt()));
    json.writeStringField("method", capture.method());
    json.writeStringField("url", delivered.url());
    if (delivered.outcome() instanceof Delivery.Responded responded) {
      json.writeNumberField("status", responded.status());
      nullable(json, "location", responded.location());
      json.writeNullField("error");
    } else {
      json.writeNullField("status");
      json.writeNullField("location");
      json.writeStringField("error", ((Delivery.Failed) delivered.outcome()).message());
    }
    json.writeNumberField("millis", delivered.took().toMillis());
    json.writeNumberField("tries", delivered.tries());
    nullable(json, "sender", capture.sender());
    nullable(json, "event", capture.event());
    json.writeArrayFieldStart("warnings");
    for (String warning : delivered.warnings()) {
      json.writeString(warning);
    }
    json.writeEndArray();
  }

  @Override
  public void received(Capture capture, Bytes body) {
    if (prints) {
      write(
          "capture",
          json -> {
            json.writeFieldName("capture");
            json.writeRawValue(capture.with(body).toLine());
          });
    }
  }

  @Override
  public void gone(long from, long to, String reason) {
    write(
        "gone",
        json -> {
          json.writeNumberField("from", from);
          json.writeNumberField("to", to);
          json.writeStringField("reason", reason);
        });
  }

  @Override
  public void skipped(Capture capture, String reason) {
    write(
        "skipped",
        json -> {
          json.writeNumberField("seq", capture.seq());
          json.writeStringField("reason", reason);
        });
  }

  @Override
  public void disconnected(String reason) {
    write("disconnected", json -> json.writeStringField("reason", reason));
  }

  @Override
  public void connected() {
    write("connected", json -> {});
  }

  @Override
  public void targetDown(String reason) {
    write("targetDown", json -> json.writeStringField("reason", reason));
  }

  @Override
  public void targetUp() {
    write("targetUp", json -> {});
  }

  @Override
  public void resumed(Duration standstill) {
    write("resumed", json -> json.writeNumberField("millis", standstill.toMillis()));
  }

  @Override
  public void progress(long delivered, long open, double perSecond) {
    write(
        "progress",
        json -> {
          json.writeNumberField("delivered", delivered);
          json.writeNumberField("open", open);
          json.writeNumberField("perSecond", Math.round(perSecond));
        });
  }

  private synchronized void write(String type, Json.Content content) {
    surroundings.data(
        Json.line(json -> {
          json.writeStartObject();
          json.writeStringField("type", type);
          json.writeStringField("at", time(surroundings.clock().instant()));
          content.writeTo(json);
          json.writeEndObject();
        }));
  }

  private static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.MILLIS).toString();
  }

  private static void nullable(JsonGenerator json, String field, Optional<String> value)
      throws IOException {
    if (value.isPresent()) {
      json.writeStringField(field, value.get());
    } else {
      json.writeNullField(field);
    }
  }
}

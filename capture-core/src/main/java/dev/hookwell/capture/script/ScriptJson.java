package dev.hookwell.capture.script;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import dev.hookwell.capture.Header;
import dev.hookwell.capture.JsonBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

/** Writes a script, for its owner and for the store; {@link ScriptReader} reads both. */
public final class ScriptJson {
  static final int VERSION = 1;

  static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .build();

  private ScriptJson() {}

  /** As the store keeps it. */
  public static byte[] stored(ResponseScript script) {
    return JsonBytes.object(
        FACTORY,
        1024,
        json -> {
          json.writeNumberField("v", VERSION);
          write(json, script);
        });
  }

  /** The fields of a script, into an object that is open. */
  public static void write(JsonGenerator json, ResponseScript script) throws IOException {
    switch (script.handshakes()) {
      case ON -> json.writeBooleanField("handshakes", true);
      case OFF -> json.writeBooleanField("handshakes", false);
      case STRAVA -> json.writeStringField("handshakes", "strava");
    }
    json.writeArrayFieldStart("steps");
    for (ResponseStep step : script.steps()) {
      write(json, step);
    }
    json.writeEndArray();
  }

  private static void write(JsonGenerator json, ResponseStep step) throws IOException {
    json.writeStartObject();
    json.writeNumberField("status", step.status());
    if (!step.headers().isEmpty()) {
      json.writeArrayFieldStart("headers");
      for (Header header : step.headers()) {
        json.writeStartArray();
        json.writeString(header.name());
        json.writeString(header.value());
        json.writeEndArray();
      }
      json.writeEndArray();
    }
    byte[] body = step.body().toByteArray();
    if (body.length > 0) {
      if (step.base64()) {
        json.writeStringField("bodyBase64", Base64.getEncoder().encodeToString(body));
      } else {
        json.writeStringField("body", new String(body, StandardCharsets.UTF_8));
      }
    }
    if (!step.delay().isZero()) {
      json.writeStringField("delay", step.delay().toString());
    }
    switch (step.end()) {
      case StepEnd.Open() -> {}
      case StepEnd.Times(int number) -> json.writeNumberField("times", number);
      case StepEnd.For(Duration duration) -> json.writeStringField("for", duration.toString());
      case StepEnd.Until(Instant time) -> json.writeStringField("until", time.toString());
      case StepEnd.Percent(int share) -> json.writeNumberField("percent", share);
    }
    json.writeEndObject();
  }
}

package dev.hookwell.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.hookwell.capture.GatewayRequest;
import dev.hookwell.capture.GatewayResponse;
import dev.hookwell.capture.HookId;
import dev.hookwell.capture.ProblemType;
import dev.hookwell.capture.script.HandshakeMode;
import dev.hookwell.capture.script.ResponseScript;
import dev.hookwell.capture.script.ScriptException;
import dev.hookwell.capture.script.ScriptJson;
import dev.hookwell.capture.script.ScriptReader;
import dev.hookwell.capture.script.ScriptSettings;
import dev.hookwell.capture.script.StepEnd;
import dev.hookwell.capture.script.StepInTurn;
import dev.hookwell.store.CaptureReader;
import dev.hookwell.store.ResponseScripts;
import dev.hookwell.store.StoredScript;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Sets, shows, restarts and deletes a hook's script of responses. */
final class ResponseCalls {
  private static final int PLAIN_STATUS = 200;

  private final ScriptSettings settings;
  private final CaptureReader reader;
  private final ResponseScripts scripts;
  private final Clock clock;

  ResponseCalls(
      ScriptSettings settings, CaptureReader reader, ResponseScripts scripts, Clock clock) {
    this.settings = settings;
    this.reader = reader;
    this.scripts = scripts;
    this.clock = clock;
  }

  /**
   * @param url the URL at which the script answers
   */
  GatewayResponse set(GatewayRequest request, HookId hook, String url) {
    requireOpen(hook);
    byte[] body = JsonBody.of(request, ResponseScript.MAX_BYTES);
    try {
      ResponseScript script = ScriptReader.read(body, settings.longestDelay(), clock.instant());
      return shown(url, scripts.put(hook, script));
    } catch (ScriptException e) {
      throw new ProblemException(ProblemType.BAD_REQUEST_BODY, e.detail());
    }
  }

  /**
   * A script whose row is damaged is shown as none: its senders get the plain response, and its
   * owner can set another.
   *
   * @param url the URL at which the script answers
   */
  GatewayResponse show(HookId hook, String url) {
    requireOpen(hook);
    try {
      Optional<StoredScript> found = scripts.read(hook);
      return found.map(stored -> shown(url, stored)).orElseGet(() -> plain(url));
    } catch (ScriptException _) {
      return plain(url);
    }
  }

  /**
   * @param url the URL at which the script answers
   */
  GatewayResponse restart(HookId hook, String url) {
    requireOpen(hook);
    return shown(url, restarted(hook));
  }

  private StoredScript restarted(HookId hook) {
    try {
      return scripts
          .restart(hook)
          .orElseThrow(() ->
              new ProblemException(
                  ProblemType.RESPONSE_NOT_FOUND, "Every request gets the plain response."));
    } catch (ScriptException _) {
      throw new ProblemException(
          ProblemType.RESPONSE_NOT_FOUND, "The script cannot be read any more. Set it again.");
    }
  }

  GatewayResponse clear(HookId hook) {
    requireOpen(hook);
    scripts.delete(hook);
    return GatewayResponse.empty(204);
  }

  private void requireOpen(HookId hook) {
    if (!settings.on()) {
      throw new ProblemException(
          ProblemType.RESPONSES_OFF, "The operator's setting RESPONSE_SCRIPTS is off.");
    }
    var _ = HookCalls.state(hook, reader.hook(hook.uid()));
  }

  private GatewayResponse plain(String url) {
    return GatewayResponse.json(
        200,
        json -> {
          json.writeStringField("url", url);
          ScriptJson.write(json, new ResponseScript(List.of(), HandshakeMode.ON));
          json.writeObjectFieldStart("next");
          json.writeNumberField("status", PLAIN_STATUS);
          json.writeArrayFieldStart("chances");
          json.writeEndArray();
          json.writeEndObject();
          json.writeNullField("setAt");
          json.writeNullField("failuresEndAt");
          json.writeStringField("longestDelay", settings.longestDelay().toString());
        });
  }

  private GatewayResponse shown(String url, StoredScript stored) {
    return GatewayResponse.json(
        200,
        json -> {
          json.writeStringField("url", url);
          ScriptJson.write(json, stored.script());
          json.writeObjectFieldStart("next");
          next(json, stored);
          json.writeEndObject();
          json.writeStringField("setAt", Times.text(stored.setAt()));
          Optional<Instant> end = stored.script().failuresEndAt(stored.setAt());
          if (end.isPresent()) {
            json.writeStringField("failuresEndAt", Times.text(end.get()));
          } else {
            json.writeNullField("failuresEndAt");
          }
          json.writeStringField("longestDelay", settings.longestDelay().toString());
        });
  }

  /**
   * Writes the step that takes the next request, and the steps that may take it first by their
   * share.
   */
  private void next(JsonGenerator json, StoredScript stored) throws IOException {
    List<StepInTurn> inTurn = stored.inTurn(clock.instant());
    boolean certain =
        !inTurn.isEmpty() && !(inTurn.getLast().step().end() instanceof StepEnd.Percent);
    if (certain) {
      StepInTurn next = inTurn.getLast();
      json.writeNumberField("step", next.number());
      json.writeNumberField("status", next.step().status());
      switch (next.step().end()) {
        case StepEnd.Times(int number) -> {
          long taken = Math.max(stored.taken(), next.before());
          json.writeNumberField("left", next.before() + number - taken);
        }
        case StepEnd.For(var duration) ->
            json.writeStringField("until", Times.text(stored.setAt().plus(duration)));
        case StepEnd.Until(var time) -> json.writeStringField("until", Times.text(time));
        case StepEnd.Percent percent -> {}
        case StepEnd.Open open -> {}
      }
    } else {
      json.writeNumberField("status", PLAIN_STATUS);
    }
    json.writeArrayFieldStart("chances");
    for (StepInTurn step : inTurn) {
      if (step.step().end() instanceof StepEnd.Percent(int share)) {
        json.writeStartObject();
        json.writeNumberField("step", step.number());
        json.writeNumberField("status", step.step().status());
        json.writeNumberField("percent", share);
        json.writeEndObject();
      }
    }
    json.writeEndArray();
  }
}

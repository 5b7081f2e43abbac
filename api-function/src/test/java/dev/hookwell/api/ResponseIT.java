package dev.hookwell.api;

import static dev.hookwell.capture.Events.event;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hookwell.capture.Events;
import dev.hookwell.capture.GatewayResponse;
import dev.hookwell.capture.Shows;
import dev.hookwell.capture.script.ResponseScript;
import dev.hookwell.store.PostgresServer;
import dev.hookwell.store.ResponseScripts;
import dev.hookwell.store.Stores;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A hook's script of responses, as its owner sets and sees it. */
final class ResponseIT extends ApiFixture {
  private static final String RESPONSE = HOOK_PATH + "/response";
  private static final String SCRIPT =
      """
      {"steps":[{"status":503,"headers":[["Retry-After","5"]],"times":3},
                {"status":200,"headers":[["Content-Type","application/json"]],"body":"{\\"ok\\":true}","delay":"PT2S"}]}
      """;

  @Test
  void theOwnerSetsAScriptAndTheViewKeyShowsIt() {
    JsonNode set = json(put(SCRIPT));

    assertEquals("https://hooks.example.com/s/" + HOOK.text(), set.get("url").asText());
    assertEquals(
        "[{\"status\":503,\"headers\":[[\"Retry-After\",\"5\"]],\"times\":3},"
            + "{\"status\":200,\"headers\":[[\"Content-Type\",\"application/json\"]],"
            + "\"body\":\"{\\\"ok\\\":true}\",\"delay\":\"PT2S\"}]",
        set.get("steps").toString());
    assertEquals(
        "{\"step\":1,\"status\":503,\"left\":3,\"chances\":[]}", set.get("next").toString());
    assertEquals(NOW.truncatedTo(ChronoUnit.MILLIS), Instant.parse(set.get("setAt").asText()));
    assertEquals(NOW.plus(Duration.ofDays(1)), Instant.parse(set.get("failuresEndAt").asText()));
    assertEquals(set, json(view(RESPONSE)));
  }

  @Test
  void withoutAScriptThePlainResponseIsNext() {
    JsonNode shown = json(view(RESPONSE));

    assertEquals("[]", shown.get("steps").toString());
    assertEquals("{\"status\":200,\"chances\":[]}", shown.get("next").toString());
    assertTrue(shown.get("setAt").isNull());
    assertEquals(404, own("POST", RESPONSE + "/restart").status());
    assertEquals(204, own("DELETE", RESPONSE).status());
  }

  @Test
  void theNextStepIsToldAsStepsAreUsedUpAndRestartBeginsAnew() {
    put(SCRIPT);
    take();
    assertEquals(
        "{\"step\":1,\"status\":503,\"left\":2,\"chances\":[]}",
        json(view(RESPONSE)).get("next").toString());
    take();
    take();
    assertEquals(
        "{\"step\":2,\"status\":200,\"chances\":[]}", json(view(RESPONSE)).get("next").toString());

    JsonNode restarted = json(own("POST", RESPONSE + "/restart"));

    assertEquals(
        "{\"step\":1,\"status\":503,\"left\":3,\"chances\":[]}", restarted.get("next").toString());
    assertEquals(204, own("DELETE", RESPONSE).status());
    assertEquals("[]", json(view(RESPONSE)).get("steps").toString());
  }

  @Test
  void timesAndSharesAreToldOfWhatIsNext() {
    put(
        "{\"steps\":[{\"status\":500,\"percent\":30},{\"status\":503,\"for\":\"PT2M\"},{\"status\":200}]}");

    assertEquals(
        "{\"step\":2,\"status\":503,\"until\":\"%s\",\"chances\":[{\"step\":1,\"status\":500,\"percent\":30}]}"
            .formatted(Times.text(NOW.plusSeconds(120))),
        json(view(RESPONSE)).get("next").toString());
    clock.pass(ResponseScript.FAILURES_LIFE);
    assertEquals(
        "{\"step\":3,\"status\":200,\"chances\":[]}", json(view(RESPONSE)).get("next").toString());
  }

  @ParameterizedTest
  @CsvSource({
    "GET, ''",
    "PUT, ''",
    "DELETE, ''",
    "POST, /restart",
  })
  void eachCallNeedsItsKey(String method, String tail) {
    assertEquals(401, send(call(method, RESPONSE + tail)).status());
    int withViewKey =
        send(call(method, RESPONSE + tail).header("authorization", "Bearer " + VIEW_KEY)).status();
    assertEquals(method.equals("GET") ? 200 : 403, withViewKey);
  }

  @Test
  void aScriptHas32KibibytesOfJson() {
    int more = ResponseScript.MAX_BYTES - SCRIPT.length();

    assertEquals(200, put(SCRIPT + " ".repeat(more)).status());
    assertEquals(413, put(SCRIPT + " ".repeat(more + 1)).status());
    assertEquals(
        415,
        send(event("PUT", RESPONSE)
                .at(NOW)
                .header("authorization", "Bearer " + READER_KEYS.ownerKey(HOOK))
                .header("content-type", "text/plain")
                .text(SCRIPT))
            .status());
    assertEquals(400, put("").status());
  }

  @Test
  void whatIsWrongIsNamedWithItsStepAndTheScriptBeforeStays() {
    put(SCRIPT);

    GatewayResponse refused =
        put(
            "{\"steps\":[{\"status\":500,\"times\":1},"
                + "{\"status\":200,\"headers\":[[\"Set-Cookie\",\"a=b\"]]}]}");

    assertEquals(400, refused.status());
    assertTrue(
        json(refused)
            .get("detail")
            .asText()
            .startsWith("Step 2: the header Set-Cookie is not allowed."));
    assertEquals(2, json(view(RESPONSE)).get("steps").size());
  }

  @Test
  void theOperatorBoundsADelayAndSwitchesScriptsOff() {
    environment.put("LONGEST_DELAY", "PT10S");
    assertEquals(200, put("{\"steps\":[{\"status\":200,\"delay\":\"PT10S\"}]}").status());
    environment.put("LONGEST_DELAY", "PT0S");
    assertEquals(400, put("{\"steps\":[{\"status\":200,\"delay\":\"PT0.001S\"}]}").status());
    environment.put("RESPONSE_SCRIPTS", "off");
    assertEquals(403, put(SCRIPT).status());
    assertEquals(403, view(RESPONSE).status());
    assertEquals(403, own("DELETE", RESPONSE).status());
    assertEquals(403, own("POST", RESPONSE + "/restart").status());
  }

  @Test
  void aDeletedHookHasNoScriptAndTakesNone() {
    put(SCRIPT);
    own("DELETE", HOOK_PATH);

    assertEquals(410, put(SCRIPT).status());
    assertEquals(410, view(RESPONSE).status());
    assertEquals(0, PostgresServer.number(url, "SELECT count(*) FROM response_scripts"));
  }

  @Test
  @Shows("F58")
  void aDamagedScriptIsShownAsNoneAndCanBeSetAgain() {
    put(SCRIPT);
    PostgresServer.execute(url, "UPDATE response_scripts SET steps = 'rubbish'");

    assertEquals("[]", json(view(RESPONSE)).get("steps").toString());
    GatewayResponse restarted = own("POST", RESPONSE + "/restart");
    assertEquals(404, restarted.status());
    assertTrue(json(restarted).get("detail").asText().contains("Set it again"));
    assertEquals(200, put(SCRIPT).status());
    assertEquals(2, json(view(RESPONSE)).get("steps").size());
  }

  @Test
  void aDatabaseThatIsDownIs503() {
    database.close();

    assertEquals(503, put(SCRIPT).status());
    assertEquals(503, view(RESPONSE).status());
  }

  private void take() {
    ResponseScripts scripts = new ResponseScripts(database, clock, Stores.retries(clock));
    var _ =
        scripts.take(HOOK, scripts.read(HOOK).orElseThrow(), 0, clock.instant().plusSeconds(10));
  }

  private GatewayResponse put(String script) {
    return send(
        call("PUT", RESPONSE)
            .header("authorization", "Bearer " + READER_KEYS.ownerKey(HOOK))
            .text(script));
  }

  private static Events call(String method, String path) {
    return event(method, path).header("content-type", "application/json").text(SCRIPT);
  }

  private GatewayResponse own(String method, String path) {
    return withKey(method, path, "Bearer " + READER_KEYS.ownerKey(HOOK));
  }
}

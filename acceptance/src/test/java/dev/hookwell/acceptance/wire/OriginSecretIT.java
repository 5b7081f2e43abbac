package dev.hookwell.acceptance.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hookwell.acceptance.support.Answer;
import dev.hookwell.acceptance.support.Witness;
import dev.hookwell.capture.Shows;
import dev.hookwell.local.LocalSystem;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway behind an edge that proves itself: here the test is the edge, or somebody else. */
final class OriginSecretIT {
  private static final String NEW = "the-secret-of-today";
  private static final String OLD = "the-secret-of-yesterday";

  @TempDir static Path data;

  private static Witness witness;

  @BeforeAll
  static void start() {
    witness =
        Witness.start(
            new LocalSystem.Settings(
                0,
                data,
                Optional.empty(),
                false,
                false,
                Map.of("ORIGIN_SECRETS", NEW + "," + OLD)));
  }

  @AfterAll
  static void stop() {
    witness.close();
  }

  @Test
  @Shows({"H45", "S24", "S38"})
  void h45OnlyTheEdgeIsServedAndBothSecretsAreTakenDuringRotation() {
    for (String secret : new String[] {"", "wrong", NEW + " ", NEW + "," + OLD}) {
      String proof = secret.isEmpty() ? "" : "X-Hookwell-Origin: " + secret + "x\n";
      for (String target : new String[] {"/h/anything", "/api/health", "/"}) {
        Answer refused = witness.exchange("GET " + target + " HTTP/1.1\nHost: a\n" + proof + "\n");
        assertEquals(403, refused.status(), target);
        assertEquals("application/problem+json", refused.header("content-type"));
        assertEquals("urn:hookwell:problem:origin-refused", refused.json().get("type").textValue());
        assertFalse(refused.json().has("detail"), refused.text());
      }
    }
    for (String secret : new String[] {NEW, OLD}) {
      assertEquals(200, witness.exchange(request("GET /api/health", secret, "")).status());
    }
  }

  @Test
  @Shows("S25")
  void exactPathIsBelievedWithTheSecretAndTheEdgesHeadersAreNotRecorded() {
    JsonNode hook = witness.exchange(request("POST /api/hooks", NEW, "")).json();
    String path = "/h/" + hook.get("id").textValue();
    Answer kept =
        witness.exchange(
            request(
                "GET " + path + "/a/b",
                OLD,
                "X-Hookwell-Raw-Path: " + path + "/a%2Fb\nCF-Connecting-IP: 203.0.113.77\n"));
    assertEquals(200, kept.status(), kept.text());

    String captures = "GET /api" + path.replace("/h/", "/hooks/") + "/captures";
    String key = "Authorization: Bearer " + hook.get("viewKey").textValue() + "\n";
    Answer list =
        witness.exchange(request(captures + "?after=0&wait=20&include=headers", NEW, key));
    JsonNode capture = list.json().at("/captures/0");
    assertEquals(path + "/a%2Fb", capture.get("path").textValue());
    assertEquals("[]", capture.get("notes").toString());
    assertEquals("203.0.113.77", capture.get("sourceIp").textValue());
    assertFalse(capture.toString().contains("x-hookwell"), capture.toString());
    assertFalse(capture.toString().contains(OLD), capture.toString());
  }

  @Test
  void percentEncodedHookIdIs404WhereTheEdgeTellsOfIt() {
    JsonNode hook = witness.exchange(request("POST /api/hooks", NEW, "")).json();
    String path = "/h/" + hook.get("id").textValue();
    // The gateway takes it for right, since it decoded the path.
    Answer answer =
        witness.exchange(
            request("GET " + path, NEW, "X-Hookwell-Raw-Path: " + path.replace("/h/A", "/h/%41")));
    assertEquals(404, answer.status());
    assertEquals("urn:hookwell:problem:hook-not-found", answer.json().get("type").textValue());
  }

  private static String request(String line, String secret, String headers) {
    String end = headers.isEmpty() || headers.endsWith("\n") ? "" : "\n";
    return line + " HTTP/1.1\nHost: a\nX-Hookwell-Origin: " + secret + "\n" + headers + end + "\n";
  }
}

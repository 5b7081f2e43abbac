package dev.hookwell.acceptance.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hookwell.acceptance.support.BodyFiles;
import dev.hookwell.acceptance.support.RunningSystem;
import dev.hookwell.capture.CapturedBody;
import dev.hookwell.capture.Shows;
import dev.hookwell.local.Client;
import dev.hookwell.local.Deadline;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Bodies up to 4 MiB that no compression brings into a message, from sender to reader. */
final class LargeBodiesIT {
  private static final String BINARY = "application/octet-stream";

  @RegisterExtension static final RunningSystem SYSTEM = new RunningSystem();

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private static Client client() {
    return SYSTEM.client();
  }

  private static Path object(Client.Hook hook, String captureId) {
    return BodyFiles.file(SYSTEM.data(), hook, captureId);
  }

  @Test
  void aBodyOfFourMebibytesIsReadAsItWasSent() {
    Client.Hook hook = client().createHook();
    byte[] body = random(CapturedBody.MAX_BYTES);

    String id = client().postKept(hook, BINARY, body);

    JsonNode listed = client().await(hook, 1).getFirst();
    assertEquals(id, listed.get("id").textValue());
    assertEquals(body.length, listed.get("bodySize").intValue());
    assertEquals(Client.sha256(body), listed.get("bodySha256").textValue());
    assertEquals("[]", listed.get("notes").toString());
    assertArrayEquals(body, client().body(hook, id));
    assertEquals(body.length, client().read(hook, "").get("counts").get("bytes").longValue());
    JsonNode shown = client().read(hook, "/captures/latest").get("body");
    assertEquals(body.length, shown.get("size").intValue());
    assertFalse(shown.has("data"), "fetched by itself");
    assertTrue(Files.exists(object(hook, id)));
  }

  @Test
  void theSamePathWithAScriptKeepsItToo() {
    Client.Hook hook = client().createHook();
    byte[] body = random(1_000_000);

    HttpResponse<String> answer =
        client()
            .send(
                HttpRequest.newBuilder(URI.create(hook.url().toString().replace("/h/", "/s/")))
                    .header("content-type", "image/jpeg")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body)));

    assertEquals(200, answer.statusCode(), answer.body());
    String id = client().await(hook, 1).getFirst().get("id").textValue();
    assertArrayEquals(body, client().body(hook, id));
  }

  @Test
  void oneByteMoreIsRefusedAndRecordedWithoutItsBytes() {
    Client.Hook hook = client().createHook();

    HttpResponse<String> answer = client().post(hook, BINARY, random(CapturedBody.MAX_BYTES + 1));

    assertEquals(413, answer.statusCode());
    JsonNode problem = Client.json(answer.body());
    assertEquals(CapturedBody.MAX_BYTES, problem.get("limit").intValue());
    JsonNode listed = client().await(hook, 1).getFirst();
    assertEquals(problem.get("id"), listed.get("id"));
    assertEquals("[\"body-too-large\"]", listed.get("notes").toString());
    assertEquals(410, client().get(hook, "/captures/1/body").statusCode());
    assertFalse(Files.exists(object(hook, listed.get("id").textValue())));
  }

  /** Bodies that the gateway refuses: some 4.5 MB of binary are an event of 6 MB. */
  @Test
  void whatTheGatewayRefusesLeavesNoRecord() {
    Client.Hook hook = client().createHook();

    assertEquals(413, client().post(hook, BINARY, random(4_500_000)).statusCode());
    assertEquals(413, client().post(hook, BINARY, random(4_800_000)).statusCode());

    client().postKept(hook, "text/plain", new byte[] {'x'});
    List<JsonNode> captures =
        client()
            .await(
                hook, found -> !found.isEmpty() && found.getLast().get("bodySize").intValue() == 1);
    assertEquals(2, captures.size(), "of the three");
    assertEquals(4_500_000, captures.getFirst().get("bodySize").intValue());
  }

  @Test
  @Shows("F64")
  void aBodyThatWasAlteredCutOrLostIsSaidAndNeverShown() throws IOException {
    Client.Hook hook = client().createHook();
    byte[] body = random(900_000);
    String id = client().postKept(hook, BINARY, body);
    client().await(hook, 1);
    byte[] altered = body.clone();
    altered[7] ^= 1;

    Files.write(object(hook, id), altered);
    assertDamaged(client().get(hook, "/captures/1/body"));
    Files.write(object(hook, id), random(10));
    assertDamaged(client().get(hook, "/captures/1/body"));
    Files.delete(object(hook, id));
    assertDamaged(client().get(hook, "/captures/1/body"));
    assertEquals(200, client().get(hook, "/captures/1").statusCode(), "the rest is there");

    Files.createDirectories(object(hook, id).getParent());
    Files.write(object(hook, id), body);
    assertArrayEquals(body, client().body(hook, id));
  }

  private static void assertDamaged(HttpResponse<String> answer) {
    assertEquals(500, answer.statusCode(), answer.body());
    assertEquals(
        "urn:hookwell:problem:body-damaged", Client.json(answer.body()).get("type").textValue());
  }

  /** Within a run of retention. */
  @Test
  void aBodyGoesWithItsCaptureOneAllOrTheHooks() {
    Client.Hook one = client().createHook();
    Client.Hook all = client().createHook();
    Client.Hook whole = client().createHook();
    Client.Hook left = client().createHook();
    List<Path> gone = List.of(kept(one), kept(all), kept(all), kept(whole));
    Path stays = kept(one);
    Path others = kept(left);

    delete(one, "/captures/1");
    delete(all, "/captures");
    delete(whole, "");

    Deadline deadline = Deadline.inSeconds(150);
    while (gone.stream().anyMatch(Files::exists)) {
      deadline.check("still there: " + gone.stream().filter(Files::exists).toList());
    }
    assertTrue(Files.exists(stays) && Files.exists(others));
    assertArrayEquals(random(800_000), client().body(one, "2"));
    assertEquals(800_000, client().read(one, "").get("counts").get("bytes").longValue());
  }

  private static Path kept(Client.Hook hook) {
    long before = client().read(hook, "").get("counts").get("stored").longValue();
    String id = client().postKept(hook, BINARY, random(800_000));
    client().await(hook, captures -> captures.size() > before);
    return object(hook, id);
  }

  private static void delete(Client.Hook hook, String tail) {
    HttpResponse<String> answer =
        client()
            .send(
                HttpRequest.newBuilder(URI.create(hook.apiUrl() + tail))
                    .header("authorization", "Bearer " + hook.ownerKey())
                    .DELETE());
    assertEquals(204, answer.statusCode(), answer.body());
  }

  @Test
  void nobodyElseCanReadABody() throws IOException {
    Path body = kept(client().createHook());
    for (Path one : List.of(body, body.getParent(), body.getParent().getParent())) {
      int mode = (int) Files.getAttribute(one, "unix:mode");
      assertEquals(0, mode & 0077, one.toString());
    }
  }
}

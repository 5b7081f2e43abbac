package dev.hookwell.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** A user of a running system: sends, and reads through the API. */
public final class Client implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI address;

  public Client(URI address) {
    this.address = address;
  }

  public URI address() {
    return address;
  }

  public record Hook(String id, URI url, URI apiUrl, String viewKey, String ownerKey) {}

  public Hook createHook() {
    HttpResponse<String> answer =
        send(HttpRequest.newBuilder(address.resolve("/api/hooks")).POST(BodyPublishers.noBody()));
    assertEquals(201, answer.statusCode(), answer.body());
    JsonNode hook = json(answer.body());
    return new Hook(
        hook.get("id").textValue(),
        URI.create(hook.get("url").textValue()),
        URI.create(hook.get("apiUrl").textValue()),
        hook.get("viewKey").textValue(),
        hook.get("ownerKey").textValue());
  }

  /** Posts, and gives the response. */
  public HttpResponse<String> post(Hook hook, String contentType, byte[] body) {
    return send(
        HttpRequest.newBuilder(hook.url())
            .header("content-type", contentType)
            .POST(BodyPublishers.ofByteArray(body)));
  }

  /** Posts a request that has to be acknowledged, and gives the capture's id. */
  public String postKept(Hook hook, String contentType, byte[] body) {
    HttpResponse<String> answer = post(hook, contentType, body);
    assertEquals(200, answer.statusCode(), answer.body());
    return json(answer.body()).get("id").textValue();
  }

  public HttpResponse<String> get(Hook hook, String tail) {
    return send(
        HttpRequest.newBuilder(URI.create(hook.apiUrl() + tail))
            .header("authorization", "Bearer " + hook.viewKey()));
  }

  public JsonNode read(Hook hook, String tail) {
    HttpResponse<String> answer = get(hook, tail);
    assertEquals(200, answer.statusCode(), answer.body());
    return json(answer.body());
  }

  /** Waits until a database that came back has connections again: until then reads are put off. */
  public void awaitReadable(Hook hook) {
    Deadline deadline = Deadline.inSeconds(60);
    HttpResponse<String> answer = get(hook, "");
    while (answer.statusCode() == 503) {
      deadline.check("still " + answer.body());
      answer = get(hook, "");
    }
    assertEquals(200, answer.statusCode(), answer.body());
  }

  public byte[] body(Hook hook, String captureId) {
    try {
      HttpResponse<byte[]> answer =
          http.send(
              HttpRequest.newBuilder(URI.create(hook.apiUrl() + "/captures/" + captureId + "/body"))
                  .header("authorization", "Bearer " + hook.viewKey())
                  .build(),
              BodyHandlers.ofByteArray());
      assertEquals(200, answer.statusCode());
      return answer.body();
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Reads by cursor until so many are there, as a program would. */
  public List<JsonNode> await(Hook hook, int count) {
    return await(hook, captures -> captures.size() >= count);
  }

  /** Reads by cursor until there are enough. */
  public List<JsonNode> await(Hook hook, Predicate<List<JsonNode>> enough) {
    List<JsonNode> captures = new ArrayList<>();
    Deadline deadline = Deadline.inSeconds(120);
    long after = 0;
    while (!enough.test(captures)) {
      deadline.check("only " + captures.size() + " were stored");
      JsonNode page = read(hook, "/captures?limit=500&wait=2&after=" + after);
      page.get("captures").forEach(captures::add);
      after = page.get("next").longValue();
    }
    return captures;
  }

  public HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.timeout(PATIENCE).build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  public static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new AssertionError(text, e);
    }
  }

  @Override
  public void close() {
    http.close();
  }

  /** A system for tests, all of it in this folder. */
  public static LocalSystem.Settings settings(Path data, int port) {
    return new LocalSystem.Settings(port, data, Optional.empty(), false, false, Map.of());
  }

  /** Fails unless the captures are those with these digests by id, numbered from 1. */
  public static void assertEachOnceInOrder(Map<String, String> digests, List<JsonNode> captures) {
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < captures.size(); i++) {
      JsonNode capture = captures.get(i);
      String id = capture.get("id").textValue();
      assertEquals(i + 1, capture.get("seq").longValue());
      assertTrue(ids.add(id), "twice: " + id);
      assertEquals(digests.get(id), capture.get("bodySha256").textValue());
    }
    assertEquals(digests.keySet(), ids);
    assertFalse(ids.isEmpty());
  }

  public static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}

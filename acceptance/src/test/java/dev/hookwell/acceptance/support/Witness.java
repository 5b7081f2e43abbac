package dev.hookwell.acceptance.support;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hookwell.api.OpenApiContract;
import dev.hookwell.capture.Body;
import dev.hookwell.local.Client;
import dev.hookwell.local.LocalSystem;
import dev.hookwell.local.gateway.RawConnection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A whole running system, with a sender on bare sockets and a reader of its API. Requests are
 * written as they lie on the wire, with {@code {hook}} for the hook's path and {@code {size}} for
 * the body's length. Thread-safe.
 */
public final class Witness implements AutoCloseable {
  /** Members that a reader gets only with the body, when no header holds their values. */
  private static final Set<String> IN_BODY = Set.of("event", "deliveryId");

  private final LocalSystem system;
  private final Client client;

  private Witness(LocalSystem system) {
    this.system = system;
    this.client = new Client(system.address());
  }

  public static Witness start(Path data) {
    return start(Client.settings(data, 0));
  }

  public static Witness start(LocalSystem.Settings settings) {
    return new Witness(LocalSystem.start(settings));
  }

  /** A request as it lies on the wire, its head with line ends of LF. */
  public record Request(String head, Body body) {
    public static Request of(String head) {
      return new Request(head, Body.EMPTY);
    }

    public static Request get(String tail) {
      return of("GET {hook}" + tail + " HTTP/1.1\nHost: a\n\n");
    }

    public static Request post(String headers, String tail, byte[] body) {
      return new Request(
          "POST {hook}" + tail + " HTTP/1.1\nHost: a\nContent-Length: {size}\n" + headers + "\n",
          Body.copyOf(body));
    }
  }

  public LocalSystem system() {
    return system;
  }

  public Client client() {
    return client;
  }

  public Client.Hook hook() {
    return client.createHook();
  }

  /** Sends to a new hook, and gives the one capture that is recorded, whole. */
  public Recorded record(String head, byte[] body) {
    return record(List.of(new Request(head, Body.copyOf(body)))).getFirst();
  }

  /**
   * Sends all of them to one new hook, and gives the captures that are recorded, in the order of
   * sending.
   */
  public List<Recorded> record(List<Request> requests) {
    Client.Hook hook = hook();
    List<String> ids = new ArrayList<>();
    for (Request request : requests) {
      Answer answer = send(hook, request.head(), request.body().toByteArray());
      assertEquals(200, answer.status(), answer.head());
      ids.add(answer.header("x-hookwell-capture"));
    }
    Map<String, Recorded> byId = new HashMap<>();
    recorded(hook, requests.size()).forEach(recorded -> byId.put(recorded.text("id"), recorded));
    List<Recorded> recorded = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      Recorded one = Objects.requireNonNull(byId.remove(ids.get(i)), ids.get(i));
      assertEquals(requests.get(i).body(), one.body(), requests.get(i).head());
      recorded.add(one);
    }
    return recorded;
  }

  /** The same for a request that has no body. */
  public Recorded record(String head) {
    return record(head, new byte[0]);
  }

  /** Posts a body of this type to a new hook. */
  public Recorded post(String contentType, byte[] body) {
    return post("Content-Type: " + contentType + "\n", "", body);
  }

  /**
   * Posts to a new hook, for tests of which only the body matters.
   *
   * @param headers each with its line end
   * @param tail the path after the hook's own
   */
  public Recorded post(String headers, String tail, byte[] body) {
    return record(List.of(Request.post(headers, tail, body))).getFirst();
  }

  /** Sends on a connection of its own. */
  public Answer send(Client.Hook hook, String head, byte[] body) {
    return exchange(
        head.replace("{hook}", "/h/" + hook.id()).replace("{size}", Integer.toString(body.length)),
        body);
  }

  public Answer send(Client.Hook hook, String head) {
    return send(hook, head, new byte[0]);
  }

  /** Sends this head, with its line ends made CR LF, and the body as it is. */
  public Answer exchange(String head, byte[] body) {
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    wire.writeBytes(head.replace("\n", "\r\n").getBytes(ISO_8859_1));
    wire.writeBytes(body);
    try (RawConnection connection = connect()) {
      connection.sendBytes(wire.toByteArray());
      return Answer.of(head.startsWith("HEAD ") ? connection.receiveHead() : connection.receive());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Answer exchange(String head) {
    return exchange(head, new byte[0]);
  }

  /**
   * Calls the API, and checks the response against its document.
   *
   * @param headers each with its line end
   */
  public Answer api(String method, String target, String headers, byte[] body) {
    String length = body.length == 0 ? "" : "Content-Length: " + body.length + "\n";
    Answer answer =
        exchange(method + " " + target + " HTTP/1.1\nHost: a\n" + length + headers + "\n", body);
    String path = target.split("\\?", 2)[0];
    if (OpenApiContract.describes(method, path)) {
      OpenApiContract.check(
          method,
          path,
          answer.status(),
          answer.header("content-type"),
          answer.body().toByteArray());
    }
    return answer;
  }

  public Answer api(String method, String target, String headers) {
    return api(method, target, headers, new byte[0]);
  }

  public RawConnection connect() throws IOException {
    return new RawConnection(system.address());
  }

  /**
   * The captures of a hook, in order, once there are so many: read in every way that the API has.
   */
  public List<Recorded> recorded(Client.Hook hook, int count) {
    List<JsonNode> summaries = client.await(hook, count);
    assertEquals(count, summaries.size());
    assertEquals(count, client.read(hook, "").at("/counts/stored").intValue());
    List<Recorded> recorded = new ArrayList<>();
    for (JsonNode summary : summaries) {
      String id = summary.get("id").textValue();
      JsonNode capture = client.read(hook, "/captures/" + id);
      summary
          .properties()
          .forEach(field -> {
            boolean inBody = IN_BODY.contains(field.getKey()) && field.getValue().isNull();
            assertTrue(
                inBody || field.getValue().equals(capture.get(field.getKey())), field::toString);
          });
      recorded.add(new Recorded(hook, capture, body(hook, capture)));
    }
    return recorded;
  }

  /** The bytes, after checking them against all that the capture says of them. */
  private Body body(Client.Hook hook, JsonNode capture) {
    String id = capture.get("id").textValue();
    if (capture.get("notes").toString().contains("body-too-large")) {
      HttpResponse<String> gone = client.get(hook, "/captures/" + id + "/body");
      assertEquals(410, gone.statusCode());
      assertTrue(gone.body().contains("urn:hookwell:problem:body-not-kept"), gone.body());
      return Body.EMPTY;
    }
    byte[] bytes = client.body(hook, id);
    JsonNode body = capture.get("body");
    assertEquals(bytes.length, capture.get("bodySize").intValue());
    assertEquals(Client.sha256(bytes), capture.get("bodySha256").textValue());
    assertEquals(bytes.length, body.get("size").intValue());
    assertEquals(Client.sha256(bytes), body.get("sha256").textValue());
    if (bytes.length <= 256 * 1024) {
      String data = body.get("data").textValue();
      byte[] shown =
          switch (body.get("encoding").textValue()) {
            case "utf-8" -> data.getBytes(UTF_8);
            case "base64" -> Base64.getDecoder().decode(data);
            default -> throw new AssertionError(body.toString());
          };
      assertEquals(Body.copyOf(bytes), Body.copyOf(shown));
    }
    return Body.copyOf(bytes);
  }

  @Override
  public void close() {
    client.close();
    system.close();
  }
}

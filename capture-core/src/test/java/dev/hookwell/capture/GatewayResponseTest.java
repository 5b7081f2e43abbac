package dev.hookwell.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class GatewayResponseTest {
  @Test
  void aTextTravelsAsText() throws IOException {
    String json = written(GatewayResponse.text(200, "text/plain", "é\n\"\u0001😀"));

    assertTrue(json.startsWith("{\"statusCode\":200,\"headers\":{"), json);
    assertTrue(json.contains("\"content-type\":\"text/plain\""), json);
    assertTrue(json.contains("\"cache-control\":\"no-store\""), json);
    assertTrue(json.endsWith("},\"body\":\"é\\n\\\"\\u0001😀\",\"isBase64Encoded\":false}"), json);
  }

  @Test
  void bytesTravelInBase64() throws IOException {
    Body body = Body.copyOf(new byte[] {(byte) 0xFF, 0, 1});

    String json = written(GatewayResponse.binary(200, "application/octet-stream", body));

    assertTrue(json.endsWith("},\"body\":\"/wAB\",\"isBase64Encoded\":true}"), json);
  }

  @Test
  void aHeaderOfItsOwnReplacesTheUsualOne() {
    GatewayResponse page = GatewayResponse.empty(204).with(Map.of("cache-control", "immutable"));

    assertEquals("immutable", page.headers().get("cache-control"));
    assertEquals("nosniff", page.headers().get("x-content-type-options"));
  }

  @Test
  void aProblemIsWrittenAsRfc9457SaysItIs() throws IOException {
    String json =
        written(
            Problem.of(ProblemType.HOOK_NOT_FOUND, "Say \"why\".").with("limit", 5L).response());

    assertTrue(json.contains("\"content-type\":\"application/problem+json\""), json);
    assertTrue(
        json.contains(
            "{\\\"type\\\":\\\"urn:hookwell:problem:hook-not-found\\\","
                + "\\\"title\\\":\\\"There is no such hook\\\",\\\"status\\\":404,"
                + "\\\"detail\\\":\\\"Say \\\\\\\"why\\\\\\\".\\\",\\\"limit\\\":5}"),
        json);
  }

  private static String written(GatewayResponse response) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    response.writeTo(out);
    return out.toString(StandardCharsets.UTF_8);
  }
}

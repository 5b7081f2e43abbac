package dev.hookwell.client;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Captures as the API gives them. */
public final class TestCaptures {
  /** An id of the right form. */
  public static final String HOOK_ID = "AQFs5odoAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

  public static final HookLink HOOK =
      HookLink.parse("https://hooks.example.com/h/" + HOOK_ID).orElseThrow();

  private TestCaptures() {}

  /** A capture with these headers, written as JSON pairs. */
  public static Capture capture(String method, String tail, String query, String headers) {
    return capture(method, tail, query, headers, "[]", "[]", new byte[0]);
  }

  public static Capture capture(
      String method,
      String tail,
      String query,
      String headers,
      String cookies,
      String notes,
      byte[] body) {
    String json =
        """
        {"id":"01a20ccf-fd8a-70d5-8041-3d9c01062d1e","seq":17,
         "receivedAt":"2026-11-24T10:15:31.123Z","storedAt":"2026-11-24T10:15:31.321Z",
         "method":"%s","path":"/h/%s%s","query":"%s","protocol":"HTTP/1.1",
         "sourceIp":"203.0.113.7","contentType":"text/plain","userAgent":null,
         "bodySize":%d,"bodySha256":"%s","notes":%s,"sender":null,"event":null,
         "deliveryId":null,"edge":"apigw-http-2.0","headers":%s,"cookies":%s,
         "body":{"size":%d,"sha256":"%s","encoding":"base64","data":"%s"},"later":[1.5,{"a":null}]}
        """
            .formatted(
                method,
                HOOK_ID,
                tail,
                query,
                body.length,
                Bytes.sha256(body),
                notes,
                headers,
                cookies,
                body.length,
                Bytes.sha256(body),
                Base64.getEncoder().encodeToString(body));
    return Capture.of(Json.parse(json.getBytes(StandardCharsets.UTF_8)));
  }
}

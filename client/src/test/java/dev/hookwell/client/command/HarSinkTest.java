package dev.hookwell.client.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hookwell.client.Bytes;
import dev.hookwell.client.Capture;
import dev.hookwell.client.TestCaptures;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class HarSinkTest {
  private static String har(Capture capture, Optional<Bytes> body) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (HarSink sink = new HarSink(out, TestCaptures.HOOK)) {
      sink.write(capture, body);
    }
    return out.toString(UTF_8);
  }

  private static Capture capture(byte[] body) {
    return TestCaptures.capture(
        "POST", "/%zz|ä", "a=1+2&b", "[[\"x-a\",\"1\"]]", "[\"c=d=e\"]", "[]", body);
  }

  private static String request(String har) {
    return har.substring(har.indexOf("\"request\":"), har.indexOf(",\"response\":"));
  }

  @Test
  void aTextBodyIsText() throws IOException {
    byte[] body = "{\"ä\":1}".getBytes(UTF_8);

    assertEquals(
        """
        "request":{"method":"POST","url":"https://hooks.example.com/h/%s/%%25zz%%7C%%C3%%A4?a=1+2&b",\
        "httpVersion":"HTTP/1.1","cookies":[{"name":"c","value":"d=e"}],\
        "headers":[{"name":"x-a","value":"1"},{"name":"cookie","value":"c=d=e"}],\
        "queryString":[{"name":"a","value":"1 2"},{"name":"b","value":""}],\
        "headersSize":-1,"bodySize":8,\
        "postData":{"mimeType":"text/plain","text":"{\\"ä\\":1}"}}\
        """
            .formatted(TestCaptures.HOOK_ID),
        request(har(capture(body), Optional.of(Bytes.copyOf(body)))));
  }

  @Test
  void aBodyThatIsNoTextIsInBase64BesideIt() throws IOException {
    byte[] body = {0, (byte) 0xff};
    String request = request(har(capture(body), Optional.of(Bytes.copyOf(body))));

    assertEquals(
        """
        "postData":{"mimeType":"text/plain","text":"",\
        "comment":"The body is no UTF-8: _content has it, in base64."},\
        "_content":{"size":2,"encoding":"base64","text":"AP8="}}\
        """,
        request.substring(request.indexOf("\"postData\"")));
  }

  @Test
  void aBodyThatWasNotKeptIsSaidToBe() throws IOException {
    String request = request(har(capture(new byte[] {1}), Optional.empty()));

    assertEquals(
        """
        "postData":{"mimeType":"text/plain","text":"",\
        "comment":"The body was over the limit, and not kept."}}\
        """,
        request.substring(request.indexOf("\"postData\"")));
  }
}

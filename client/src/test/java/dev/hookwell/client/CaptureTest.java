package dev.hookwell.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CaptureTest {
  @Test
  void membersThatTheClientDoesNotKnowAreWrittenAgain() {
    String line = TestCaptures.capture("POST", "/a", "b=c", "[]").toLine();

    assertTrue(line.endsWith(",\"later\":[1.5,{\"a\":null}]}"), line);
    assertTrue(
        line.startsWith("{\"id\":\"01a20ccf-fd8a-70d5-8041-3d9c01062d1e\",\"seq\":17,"), line);
    assertFalse(line.contains("\n"), line);
  }

  @Test
  void bytesThatAreNoTextComeBackExactly() {
    byte[] body = {0, (byte) 0xff, '\r', '\n', 27};

    assertArrayEquals(
        body,
        TestCaptures.capture("POST", "", "", "[]", "[]", "[]", body)
            .body()
            .orElseThrow()
            .toArray());
  }

  @Test
  void jsonIsHarmlessOnATerminal() {
    String line = TestCaptures.capture("POST", "/\\u009b31m\\u202e\\u007f", "", "[]").toLine();

    assertTrue(line.contains("/\\u009b31m\\u202e\\u007f"), line);
    assertTrue(line.chars().allMatch(c -> c >= ' ' && c < 0x7f), line);
  }

  @Test
  void aTerminalIsSentNoControlCharacterAndNoTurnOfDirection() {
    assertEquals("a\\x1b[31m\\x0a\\x9b\\u202eé", Printable.line("a\u001b[31m\n\u009b\u202eé"));
    assertEquals("a\n\tb\\x0d", Printable.lines("a\n\tb\r"));
  }

  @Test
  void aDocumentThatIsNoCaptureIsRefused() {
    for (String document :
        List.of("", "[]", "{}", "{\"seq\":\"1\"}", "{\"seq\":1} x", "<html>", "{\"seq\":1,")) {
      assertThrows(
          MalformedJsonException.class,
          () -> Capture.of(Json.parse(document.getBytes(StandardCharsets.UTF_8))),
          document);
    }
  }
}

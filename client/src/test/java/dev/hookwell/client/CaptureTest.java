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
  void aTerminalIsSentNothingThatNobodySees() {
    for (int invisible :
        new int[] {
          0x85, 0xad, 0x61c, 0x180e, 0x200b, 0x200d, 0x200f, 0x2028, 0x2029, 0x2060, 0x2069, 0xd800,
          0xdfff, 0xfeff, 0xfffb, 0xe0001, 0xe0041, 0xe007f
        }) {
      String text = "a" + new StringBuilder().appendCodePoint(invisible) + "é😀";
      String hex = Integer.toHexString(invisible);

      assertTrue(Printable.line(text).matches("a\\\\[xu]\\{?0*" + hex + "\\}?é😀"), hex);
      assertEquals(Printable.line(text), Printable.lines(text));
      String json = Json.line(out -> out.writeString(text));
      assertTrue(json.matches("\"a(\\\\u[0-9a-fA-F]{4}){1,2}é😀\""), json);
    }
  }

  @Test
  void aHeadReadsAsItWasMeantAndStaysAsItIsKept() {
    Capture capture =
        Capture.of(
            Json.parse(
                """
                {"id":"1","seq":1,"receivedAt":"2026-11-24T10:15:31.123Z","method":"POST",
                 "path":"/h/x/SmÃ¸r","query":"a=Ã¸","bodySize":0,"bodySha256":"",
                 "headers":[["x-a","Ã¸"],["x-a","b"],["x-b","Ã¸"],["x-a","Ã¦"]],"cookies":["c=Ã¸"],
                 "readable":{"path":"/h/x/Smør","query":"a=ø","cookies":["c=ø"],
                  "headers":[["x-a","ø"],["x-b","ø"],["x-a","æ"]]}}
                """
                    .getBytes(StandardCharsets.UTF_8)));

    Capture read = capture.readable();

    assertEquals("/h/x/Smør", read.path());
    assertEquals("a=ø", read.query());
    assertEquals(List.of("c=ø"), read.cookies());
    assertEquals(
        List.of(
            new Header("x-a", "ø"),
            new Header("x-a", "b"),
            new Header("x-b", "ø"),
            new Header("x-a", "æ")),
        read.headers());
    assertEquals("/h/x/SmÃ¸r", capture.path());
    assertEquals("Ã¸", capture.headers().get(0).value());
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

package dev.hookwell.acceptance.support;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hookwell.local.gateway.RawConnection;
import java.util.List;

/** Heads in UTF-8, raw and escaped: however they came, they read alike. */
public final class NonAscii {
  private static final String TEXT = "Sm\u00f8rrebr\u00f8d";

  /** Its bytes, each a character, as {@link RawConnection} sends them. */
  private static final String RAW = new String(TEXT.getBytes(UTF_8), ISO_8859_1);

  private static final String ESCAPED = "Sm%C3%B8rrebr%c3%b8d";

  private NonAscii() {}

  public static void assertReadsAlike(Witness witness) {
    List<Recorded> recorded =
        witness.record(
            List.of(request(RAW), request(ESCAPED), Witness.Request.get("/caf\u00e9?q=%E9")));

    for (Recorded one : recorded.subList(0, 2)) {
      assertEquals("/" + TEXT, one.readableTail(), one.toString());
      assertEquals("q=" + TEXT, one.readable("query"));
      assertEquals(TEXT, one.readableHeader("x-shop-name"));
      assertEquals(TEXT + "/1", one.readable("userAgent"));
      assertEquals("[\"a=" + TEXT + "\"]", one.capture().at("/readable/cookies").toString());
      assertEquals(RAW, one.header("x-shop-name"));
      assertEquals(List.of("a=" + RAW), one.cookies());
    }
    assertEquals("/" + RAW, recorded.get(0).tail());
    assertEquals("q=" + ESCAPED, recorded.get(1).text("query"));
    assertEquals("/caf\u00e9", recorded.get(2).readableTail());
    assertEquals("q=%E9", recorded.get(2).readable("query"));
  }

  private static Witness.Request request(String target) {
    return Witness.Request.of(
        "GET {hook}/"
            + target
            + "?q="
            + target
            + " HTTP/1.1\nHost: a\nX-Shop-Name: "
            + RAW
            + "\nUser-Agent: "
            + RAW
            + "/1\nCookie: a="
            + RAW
            + "\n\n");
  }
}

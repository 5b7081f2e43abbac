package dev.hookwell.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AddressFaultTest {
  private static final String ID = Captures.hook(1).text();

  /** {@code ID} and {@code lower} stand for the id and its small letters. */
  private static String path(String pattern) {
    return pattern.replace("ID", ID).replace("lower", ID.toLowerCase(Locale.ROOT));
  }

  @ParameterizedTest
  @CsvSource({
    "/h/, NO_ID",
    "/h//orders, NO_ID",
    "/h//ID, SLASHES",
    "/h/h/ID, TWICE",
    "/s/s/ID, TWICE",
    "/s/h/ID, NOT_DIRECTLY",
    "/s/x, SHORT",
    "/h/hooks/ID, NOT_DIRECTLY",
    "/h/./ID/orders, NOT_DIRECTLY",
    "'/h/ID ', SPACE",
    "'/h/ ID', SPACE",
    "/h/ID%20, SPACE",
    "/h/ID%0A/orders, SPACE",
    "/h/ID%C2%A0, SPACE",
    "/h/ID\u200b, SPACE",
    "/h/ID%E2%80%8B, SPACE",
    "/h/ID., MARK",
    "'/h/ID,', MARK",
    "/h/ID;x=1, MARK",
    "/h/ID&a=1, MARK",
    "/h/ID), MARK",
    "/h/ID](https:, MARK",
    "/h/<ID>, MARK",
    "/h/*ID*, MARK",
    "'/h/\"ID\"', MARK",
    "/h/\u201cID\u201d, MARK",
    "/h/ID%22, MARK",
    "/h/ID%3E/orders, MARK",
    "/h/%41ID, LONG",
    "/h/lower, CASE",
    "/h/lower/orders, CASE",
    "/h/x, SHORT",
    "/h/IDA, LONG",
    "/h/_ID_, LONG",
    "/h/{id}, NOT_AN_ID",
    "/h/%zz, NOT_AN_ID",
    "/h/ID, UNKNOWN"
  })
  @Shows("H37")
  void whatIsWrongIsToldByTheForm(String pattern, AddressFault fault) {
    assertEquals(fault, AddressFault.onHookPath(path(pattern)));
  }

  @Test
  void anEscapedIdIsTold() {
    assertEquals(AddressFault.ESCAPED, AddressFault.onHookPath("/h/%41" + ID.substring(1)));
    assertEquals(AddressFault.SHORT, AddressFault.onHookPath("/h/" + ID.substring(1)));
  }

  @ParameterizedTest
  @CsvSource({
    "//h/ID, SLASHES",
    "///h/ID/orders, SLASHES",
    "//h, SLASHES",
    "/H/ID, CAPITAL",
    "/H, CAPITAL",
    "/S/ID, CAPITAL",
    "//s/ID, SLASHES",
    "/s, NO_ID",
    "/s/, NO_ID",
    "/s/ID, ESCAPED",
    "/s/ID%20, SPACE",
    "/hID, JOINED",
    "/h-ID, JOINED",
    "/h.ID/orders, JOINED",
    "/sID, JOINED",
    "/S_ID, JOINED",
    "/hook/ID, WORD",
    "/Webhooks/ID, WORD",
    "/#/ID/key, PAGE_LINK",
    "/%23/ID/key, PAGE_LINK",
    "/ID, NOT_DIRECTLY",
    "/api/h/ID, NOT_DIRECTLY",
    "/v1/ID/orders, NOT_DIRECTLY",
    "/h, NO_ID",
    "/h/, NO_ID",
    "/h/ID, ESCAPED",
    "'/h/ID ', SPACE"
  })
  void whatIsMeantForAHookIsToldElsewhereToo(String pattern, AddressFault fault) {
    assertEquals(Optional.of(fault), AddressFault.elsewhere(path(pattern)));
  }

  @ParameterizedTest
  @CsvSource({"/s", "/S/ID", "//s/ID", "/s/ID%20", "/%73/ID", "/sID", "/s-ID/orders", "/s/x"})
  void anAddressOfAScriptIsToldItsOwnForm(String pattern) {
    String path = path(pattern);
    String detail = AddressFault.elsewhere(path).orElseThrow().detail(path);
    assertTrue(detail.contains("A hook's address is /s/ and its id"), detail);
    assertFalse(detail.contains("/h/"), detail);
    String plain = path.replace("%73", "h").replaceFirst("[sS]", "h");
    assertTrue(
        AddressFault.elsewhere(plain).orElseThrow().detail(plain).contains("is /h/ and its id"));
  }

  @ParameterizedTest
  @CsvSource({
    "/favicon.ico",
    "/api/none",
    "//api/hooks",
    "/history",
    "/search",
    "/sitemap.xml",
    "/x/lower",
    "''",
    "x"
  })
  void whatHasNothingToDoWithHooksIsNoFault(String pattern) {
    assertEquals(Optional.empty(), AddressFault.elsewhere(path(pattern)));
  }

  @Test
  void everyFaultIsInTheListOfErrors() throws Exception {
    String errors = Files.readString(Path.of("..", "docs", "errors.md"));
    for (AddressFault fault : AddressFault.values()) {
      assertTrue(errors.contains("| " + fault.sentence() + " |"), fault.sentence());
    }
  }
}

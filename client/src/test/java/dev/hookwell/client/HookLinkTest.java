package dev.hookwell.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class HookLinkTest {
  private static final String ID = TestCaptures.HOOK_ID;
  private static final String VIEW = "v".repeat(43);
  private static final String OWN = "o".repeat(43);

  @Test
  void everyAddressOfAHookNamesIt() {
    for (String address :
        List.of(
            "https://a.example:8443/h/" + ID,
            " https://a.example:8443/h/" + ID + "/a/b?c=d\n",
            "https://a.example:8443/s/" + ID,
            "https://a.example:8443/api/hooks/" + ID,
            "https://a.example:8443/api/hooks/" + ID + "/")) {
      assertEquals(
          Optional.of(
              new HookLink(
                  URI.create("https://a.example:8443"), ID, Optional.empty(), Optional.empty())),
          HookLink.parse(address),
          address);
    }
  }

  @Test
  void aShareLinkBringsTheViewKeyAlsoWhereItHoldsTheOwnerKeyToo() {
    for (String tail : List.of("", "/" + OWN)) {
      HookLink link =
          HookLink.parse("http://127.0.0.1:8080/#/" + ID + "/" + VIEW + tail).orElseThrow();

      assertEquals(Optional.of(VIEW), link.key());
      assertEquals(URI.create("http://127.0.0.1:8080"), link.server());
      assertFalse(link.toString().contains(VIEW), "a key is shown");
    }
  }

  @Test
  void whatIsNoAddressOfAHookIsNone() {
    for (String address :
        List.of(
            "",
            ID,
            "https://a.example/",
            "https://a.example/h/" + ID.substring(1),
            "https://a.example/h/" + ID + "x",
            "https://user:secret@a.example/h/" + ID,
            "ftp://a.example/h/" + ID,
            "https://a.example:65536/h/" + ID,
            "https://a.example:0/h/" + ID,
            "https://a.example/x/h/" + ID,
            "https://a.example/#/" + ID + "/" + VIEW + "x",
            "https://a.example/#/" + ID)) {
      assertEquals(Optional.empty(), HookLink.parse(address), address);
    }
  }
}

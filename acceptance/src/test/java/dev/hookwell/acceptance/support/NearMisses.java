package dev.hookwell.acceptance.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.capture.AddressFault;
import dev.hookwell.local.Client;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Addresses that are nearly a hook's: nothing is kept, and the error says what is wrong. */
public final class NearMisses {
  private NearMisses() {}

  private static Map<String, AddressFault> of(String id) {
    Map<String, AddressFault> misses = new LinkedHashMap<>();
    misses.put("//h/" + id, AddressFault.SLASHES);
    misses.put("/h//" + id, AddressFault.SLASHES);
    misses.put("/h/", AddressFault.NO_ID);
    misses.put("/h", AddressFault.NO_ID);
    misses.put("/H/" + id, AddressFault.CAPITAL);
    misses.put("/S/" + id, AddressFault.CAPITAL);
    misses.put("//s/" + id, AddressFault.SLASHES);
    misses.put("/s", AddressFault.NO_ID);
    misses.put("/s/", AddressFault.NO_ID);
    misses.put("/s/" + id + "%20", AddressFault.SPACE);
    misses.put("/h" + id, AddressFault.JOINED);
    misses.put("/s-" + id, AddressFault.JOINED);
    misses.put("/hook/" + id, AddressFault.WORD);
    misses.put("/webhooks/" + id + "/orders", AddressFault.WORD);
    misses.put("/h/h/" + id, AddressFault.TWICE);
    misses.put("/api/h/" + id, AddressFault.NOT_DIRECTLY);
    misses.put("/" + id, AddressFault.NOT_DIRECTLY);
    misses.put("/#/" + id + "/key", AddressFault.PAGE_LINK);
    misses.put("/%23/" + id + "/key", AddressFault.PAGE_LINK);
    misses.put("/h/" + id + "%20", AddressFault.SPACE);
    misses.put("/h/" + id + "%0D%0A/orders", AddressFault.SPACE);
    misses.put("/h/" + id + "%E2%80%8B", AddressFault.SPACE);
    misses.put("/h/" + id + "\u00e2\u0080\u008b", AddressFault.SPACE);
    for (String mark : new String[] {".", ",", ";", ")", "]", "'", "\"", ">", "*", "%22", "%3E)"}) {
      misses.put("/h/" + id + mark, AddressFault.MARK);
    }
    misses.put("/h/<" + id + ">", AddressFault.MARK);
    misses.put("/h/" + id + "](http:", AddressFault.MARK);
    misses.put("/h/%41" + id.substring(1), AddressFault.ESCAPED);
    misses.put("/%68/" + id, AddressFault.ESCAPED);
    misses.put("/h/" + id.toLowerCase(Locale.ROOT), AddressFault.CASE);
    misses.put("/h/" + id.toUpperCase(Locale.ROOT) + "/orders", AddressFault.CASE);
    misses.put("/h/" + id.substring(0, 43), AddressFault.SHORT);
    misses.put("/h/" + id + "A", AddressFault.LONG);
    misses.put("/h/_" + id + "_", AddressFault.LONG);
    misses.put("/h/{id}", AddressFault.NOT_AN_ID);
    misses.put("/h/B" + id.substring(1), AddressFault.UNKNOWN);
    return misses;
  }

  public static void assertTold(Witness witness) {
    Client.Hook hook = witness.hook();
    of(hook.id())
        .forEach((path, fault) -> {
          Answer answer =
              witness.exchange(
                  "POST " + path + " HTTP/1.1\nHost: a\nContent-Length: 2\n\n",
                  new byte[] {'h', 'i'});
          assertEquals(404, answer.status(), path);
          assertEquals("application/problem+json", answer.header("content-type"), path);
          assertEquals(fault.detail(path), answer.json().get("detail").textValue(), path);
          assertFalse(answer.text().contains(hook.id().substring(2, 40)), answer.text());
        });
    assertEquals(200, witness.send(hook, "POST {hook} HTTP/1.1\nHost: a\n\n").status());
    assertEquals(1, witness.recorded(hook, 1).size());
    for (String path : new String[] {"/", "/api/hooks/" + hook.id()}) {
      Answer answer = witness.exchange("POST " + path + " HTTP/1.1\nHost: a\n\n");
      assertEquals(405, answer.status(), path);
      assertTrue(
          answer.json().get("detail").textValue().contains("To send to a hook"), answer.text());
    }
  }
}

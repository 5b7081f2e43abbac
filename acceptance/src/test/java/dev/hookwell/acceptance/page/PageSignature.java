package dev.hookwell.acceptance.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import dev.hookwell.local.Client;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The signature check, on real forms of each sender's requests: those that fit, and the reasons why
 * others do not.
 */
@ExtendWith(OnThePage.class)
final class PageSignature {
  private static final String BODY = "{\"id\":\"evt_17\",\"total\":12.50}";
  private static final String SECRET =
      "whsec_" + base64("a secret of thirty-two bytes, yes".getBytes(StandardCharsets.UTF_8));
  private static final String OTHER =
      "whsec_" + base64("another secret of the same length".getBytes(StandardCharsets.UTF_8));

  private enum Writing {
    HEX,
    BASE64;

    String of(byte[] mac) {
      return this == HEX ? HexFormat.of().formatHex(mac) : base64(mac);
    }
  }

  private enum Sender {
    GITHUB("github", Writing.HEX) {
      @Override
      Map<String, String> headers(String time, String body, Writing written) {
        return Map.of("x-hub-signature-256", "sha256=" + written.of(mac(SECRET, body)));
      }
    },
    STRIPE("stripe", Writing.HEX) {
      @Override
      Map<String, String> headers(String time, String body, Writing written) {
        String signature = written.of(mac(SECRET, time + "." + body));
        return Map.of("stripe-signature", "t=" + time + ",v1=" + signature);
      }
    },
    SLACK("slack", Writing.HEX) {
      @Override
      Map<String, String> headers(String time, String body, Writing written) {
        String signature = written.of(mac(SECRET, "v0:" + time + ":" + body));
        return Map.of("x-slack-request-timestamp", time, "x-slack-signature", "v0=" + signature);
      }
    },
    SHOPIFY("shopify", Writing.BASE64) {
      @Override
      Map<String, String> headers(String time, String body, Writing written) {
        return Map.of("x-shopify-hmac-sha256", written.of(mac(SECRET, body)));
      }
    },
    STANDARD("standard", Writing.BASE64) {
      @Override
      Map<String, String> headers(String time, String body, Writing written) {
        byte[] key = Base64.getDecoder().decode(SECRET.substring("whsec_".length()));
        String signature = written.of(mac(key, "msg_1." + time + "." + body));
        return Map.of(
            "webhook-id",
            "msg_1",
            "webhook-timestamp",
            time,
            "webhook-signature",
            "v1," + signature);
      }
    };

    private final String id;
    private final Writing writing;

    Sender(String id, Writing writing) {
      this.id = id;
      this.writing = writing;
    }

    boolean signsTheTime() {
      return this == STRIPE || this == SLACK || this == STANDARD;
    }

    Writing wrongWriting() {
      return writing == Writing.HEX ? Writing.BASE64 : Writing.HEX;
    }

    /** The headers that sign {@code body}, with the signature in this notation. */
    abstract Map<String, String> headers(String time, String body, Writing written);
  }

  /** A request, and the page's verdict once a secret is entered. */
  private record Case(
      Sender sender, Map<String, String> headers, String secret, String verdict, String reason) {}

  @Test
  void everySendersSignatureIsCheckedAndEveryFailureExplained(Visitor visitor) {
    Page page = visitor.open();
    List<String> sent = new ArrayList<>();
    int checked = 0;
    page.context().onRequest(request -> sent.add(everythingOf(request)));
    Client.Hook hook = visitor.hookOf(page);
    Map<Map<String, String>, List<Case>> bySignature =
        cases().stream().collect(Collectors.groupingBy(Case::headers));
    Map<String, List<Case>> byCapture = new HashMap<>();
    bySignature.forEach((headers, cases) -> {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(hook.url())
              .header("content-type", "application/json")
              .POST(BodyPublishers.ofString(BODY));
      headers.forEach(request::header);
      String answer = visitor.client().send(request).body();
      byCapture.put(Client.json(answer).get("id").textValue(), cases);
    });
    // Some are the same delivery, and stand behind one another.
    assertThat(page.locator("#captures > li")).hasCount(byCapture.size());

    Visitor.openRow(page, 1);
    Visitor.tab(page, "Signature");
    for (JsonNode capture : visitor.client().await(hook, byCapture.size())) {
      Visitor.openRow(page, capture.get("seq").longValue());
      for (Case each : byCapture.getOrDefault(capture.get("id").textValue(), List.of())) {
        assertThat(page.locator(".signature-form select")).hasValue(each.sender().id);
        page.locator("#secret").fill(each.secret());
        assertThat(page.locator(".verdict")).containsText(each.verdict());
        assertThat(page.locator(".verdict")).containsText(each.reason());
        checked++;
      }
    }
    assertEquals(cases().size(), checked);

    String kept =
        (String)
            page.evaluate(
                """
                async () => JSON.stringify([{ ...localStorage }, { ...sessionStorage },
                    document.cookie, await indexedDB.databases(), await caches.keys(),
                    history.state, location.href])
                """);
    assertTrue(kept.contains(hook.viewKey()), kept);
    assertTrue(String.join("\n", sent).contains(hook.viewKey()));
    for (String secret : List.of(SECRET, OTHER)) {
      assertFalse(kept.contains(secret), kept);
      sent.forEach(request -> assertFalse(request.contains(secret), request));
    }
    page.reload();
    Visitor.tab(page, "Signature");
    assertEquals("", page.locator("#secret").inputValue());
  }

  @Test
  void theListTellsWhichSignaturesFit(Visitor visitor) {
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    for (String secret : List.of(SECRET, OTHER)) {
      visitor
          .client()
          .send(
              HttpRequest.newBuilder(hook.url())
                  .header(
                      "x-acme-signature", "sha256=" + HexFormat.of().formatHex(mac(secret, BODY)))
                  .POST(BodyPublishers.ofString(BODY)));
      visitor.client().await(hook, secret.equals(SECRET) ? 1 : 2);
    }
    Visitor.openRow(page, 1);
    Visitor.tab(page, "Signature");
    assertThat(page.locator(".row-verdict")).hasCount(0);
    page.locator("#secret").fill(SECRET);
    assertThat(page.locator(".verdict")).containsText("The signature fits.");
    assertThat(Visitor.row(page, 1).locator(".row-verdict")).hasText("✓signature fits");
    assertThat(Visitor.row(page, 2).locator(".row-verdict")).hasText("✗signature does not fit");
  }

  private static List<Case> cases() {
    String now = time(Duration.ZERO);
    List<Case> cases = new ArrayList<>();
    for (Sender sender : Sender.values()) {
      Map<String, String> right = sender.headers(now, BODY, sender.writing);
      Map<String, String> altered = sender.headers(now, BODY + "\n", sender.writing);
      Map<String, String> otherwise = sender.headers(now, BODY, sender.wrongWriting());
      String no = "The signature does not fit.";
      cases.add(new Case(sender, right, SECRET, "The signature fits.", "not a byte"));
      cases.add(new Case(sender, right, OTHER, no, "The secret is another one"));
      cases.add(new Case(sender, right, " " + SECRET, no, "spaces around the secret"));
      cases.add(new Case(sender, altered, SECRET, no, "The body was altered"));
      cases.add(new Case(sender, otherwise, SECRET, no, "wrong encoding"));
      if (sender.signsTheTime()) {
        Map<String, String> old = sender.headers(time(Duration.ofHours(2)), BODY, sender.writing);
        cases.add(new Case(sender, old, SECRET, no, "2 h before the receipt"));
      }
    }
    return cases;
  }

  private static String time(Duration ago) {
    return Long.toString(Instant.now().minus(ago).getEpochSecond());
  }

  private static String everythingOf(Request request) {
    return request.method() + request.url() + request.headers() + request.postData();
  }

  private static byte[] mac(String key, String signed) {
    return mac(key.getBytes(StandardCharsets.UTF_8), signed);
  }

  private static byte[] mac(byte[] key, String signed) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(signed.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new AssertionError(e);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}

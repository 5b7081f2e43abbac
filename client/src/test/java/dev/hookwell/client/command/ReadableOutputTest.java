package dev.hookwell.client.command;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.client.CaptureServer;
import dev.hookwell.client.RecordingTarget;
import dev.hookwell.client.TestCaptures;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A head in UTF-8 is shown as it reads, and delivered as it came. */
final class ReadableOutputTest {
  private static final String KEPT = new String("Smørrebrød".getBytes(UTF_8), ISO_8859_1);
  private static final String PATH = "/h/" + TestCaptures.HOOK_ID + "/";

  @RegisterExtension private final CaptureServer server = new CaptureServer();
  @TempDir private Path folder;

  private ClientRun client;

  @BeforeEach
  void start() {
    server.receive(
        """
        "path":"%1$s%2$s","query":"a=%2$s","headers":[["x-shop-name","%2$s"]],\
        "sender":"Stripe","event":"%2$s","readable":{"path":"%1$s%3$s","query":"a=%3$s",\
        "event":"%3$s","headers":[["x-shop-name","%3$s"]]},\
        """
            .formatted(PATH, KEPT, "Smørrebrød"));
    client = new ClientRun(server.environment(), folder, Clock.systemUTC(), _ -> {});
  }

  private String shown(String... arguments) {
    ClientRun.Ended ended = client.run(arguments);
    assertEquals(0, ended.code(), ended.err());
    assertFalse(ended.out().contains(KEPT), ended.out());
    return ended.out();
  }

  @Test
  void capturesAreShownAsTheyRead() {
    assertTrue(shown("list").endsWith("/Smørrebrød?a=Smørrebrød  Stripe Smørrebrød\n"));
    for (String shown : new String[] {shown("show"), shown("listen", "--from", "1", "--once")}) {
      assertTrue(shown.contains("POST " + PATH + "Smørrebrød?a=Smørrebrød HTTP/1.1\n"), shown);
      assertTrue(shown.contains("\nx-shop-name: Smørrebrød\n"), shown);
    }
    assertTrue(client.run("show").err().contains("--json has the bytes as they are kept"));
    assertTrue(client.run("list", "--json").out().contains("\"query\":\"a=" + KEPT + "\""));
  }

  @Test
  void whatIsDeliveredStaysExact() throws IOException {
    try (RecordingTarget target = RecordingTarget.start()) {
      String port = String.valueOf(target.port());
      String url = "http://localhost:" + port + "/Smørrebrød?a=Smørrebrød  ";

      assertTrue(shown("replay", "1", "--to", port).contains(url));
      assertTrue(shown("listen", port, "--from", "1", "--once").contains(url));
      assertEquals(2, target.received().size());
      for (RecordingTarget.Received received : target.received()) {
        assertEquals("POST /" + KEPT + "?a=" + KEPT + " HTTP/1.1", received.requestLine());
        assertEquals(KEPT, received.header("x-shop-name"));
      }
    }
  }
}

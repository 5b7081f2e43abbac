package dev.hookwell.acceptance.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.hookwell.acceptance.support.Answer;
import dev.hookwell.acceptance.support.ConcurrentTest;
import dev.hookwell.acceptance.support.NearMisses;
import dev.hookwell.acceptance.support.NonAscii;
import dev.hookwell.acceptance.support.Recorded;
import dev.hookwell.acceptance.support.Witness;
import dev.hookwell.local.LocalSystem;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Captures when the gateway also plays the edge, which gives the path exactly as sent. */
final class EdgeIT {
  @TempDir static Path data;

  private static Witness witness;

  @BeforeAll
  static void start() {
    witness =
        Witness.start(new LocalSystem.Settings(0, data, Optional.empty(), false, true, Map.of()));
  }

  @AfterAll
  static void stop() {
    witness.close();
  }

  @ConcurrentTest
  void exactPathIsRecordedWithoutANote() {
    List<String> tails =
        List.of(
            "",
            "/a%2Fb/%2e%2e/c",
            "/caf%C3%A9%20x",
            "/%zz/100%",
            "/a%3Fb",
            "//x/../y/./",
            "/%00%0A",
            "/raw\u00e9",
            "/{a}|<b>\"");
    List<Recorded> recorded = witness.record(tails.stream().map(Witness.Request::get).toList());
    assertEquals(tails, recorded.stream().map(Recorded::tail).toList());
    for (Recorded one : recorded) {
      assertEquals(List.of(), one.notes(), one.tail());
      assertEquals(List.of(), one.headers("x-hookwell-raw-path"));
      assertEquals(List.of(), one.headers("x-hookwell-origin"));
    }
  }

  @ConcurrentTest
  void headInUtf8ReadsAlikeRawAndEscaped() {
    NonAscii.assertReadsAlike(witness);
  }

  @ConcurrentTest
  void addressThatIsNearlyAHooksIsToldWhy() {
    NearMisses.assertTold(witness);
  }

  @ConcurrentTest
  void queryStaysApartFromTheExactPath() {
    Recorded recorded = witness.record("GET {hook}/a%3F?b=%20?c HTTP/1.1\nHost: a\n\n");
    assertEquals("/a%3F", recorded.tail());
    assertEquals("b=%20?c", recorded.text("query"));
  }

  @ConcurrentTest
  void headersOfTheEdgeCannotBeForged() {
    Recorded recorded =
        witness.record(
            """
            GET {hook}/%41 HTTP/1.1
            Host: a
            X-Hookwell-Raw-Path: /h/other
            x-hookwell-raw-path: /h/another
            X-Hookwell-Origin: forged
            CF-Connecting-IP: 203.0.113.1

            """);
    assertEquals("/%41", recorded.tail());
    assertEquals("127.0.0.1", recorded.text("sourceIp"));
    assertEquals("127.0.0.1", recorded.header("cf-connecting-ip"));
    assertFalse(recorded.capture().toString().contains("forged"));
  }

  @ConcurrentTest
  void percentEncodedHookIdIs404() {
    String id = witness.hook().id();
    String encoded = "%" + Integer.toHexString(id.charAt(0)).toUpperCase(Locale.ROOT);
    Stream.of(encoded + id.substring(1), id + "%2Fa", "%2e%2e/" + id)
        .forEach(path -> {
          Answer answer = witness.exchange("GET /h/" + path + " HTTP/1.1\nHost: a\n\n");
          assertEquals(404, answer.status(), path);
          assertEquals("application/problem+json", answer.header("content-type"));
        });
  }
}

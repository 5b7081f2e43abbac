package dev.hookwell.api.find;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonFilterTest {
  private static final SearchedHead HEAD =
      new SearchedHead(
          "POST",
          List.of(),
          List.of(),
          List.of(),
          Optional.empty(),
          List.of(),
          List.of(),
          "",
          false,
          false);

  private static BodyVerdict verdict(String json, String filter) {
    return verdict(json, UTF_8, true, filter);
  }

  private static BodyVerdict verdict(String json, Charset charset, boolean whole, String filter) {
    Filters filters = FiltersTest.filters("json", filter);
    assertEquals(HeadVerdict.OPEN, filters.onHead(HEAD));
    return filters.onBody(
        HEAD,
        new SearchedBody(
            json.getBytes(charset),
            whole,
            SearchedBody.Kind.TEXT,
            Optional.empty(),
            Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/status=failed",
        "/status=FAILED",
        "/n=17",
        "/n=17.0",
        "/n=1.7e1",
        "/n=170E-1",
        "/zero=0",
        "/zero=-0.0e5",
        "/big=12345678901234567890",
        "/big=12345678901234567890.0",
        "/text17=17",
        "/yes=true",
        "/nothing=null",
        "/empty=",
        "/list/1/id=b",
        "/object/a~1b=1",
        "/object/c~0d=2",
        "/object/=3",
        "/twice=1",
        "/twice=2",
        "/wordTrue=true",
        "/eq=a=b",
        "/ü=ß",
        "/ü=SS"
      })
  void aScalarAtAPlaceIsMet(String filter) {
    String json =
        "{\"status\":\"failed\",\"n\":17,\"zero\":0,\"big\":12345678901234567890,\"text17\":\"17\","
            + "\"yes\":true,\"nothing\":null,\"empty\":\"\",\"list\":[{\"id\":\"a\"},{\"id\":\"b\"}],"
            + "\"object\":{\"a/b\":1,\"c~d\":2,\"\":3},\"twice\":1,\"twice\":2,"
            + "\"wordTrue\":\"true\",\"eq\":\"a=b\",\"ü\":\"ß\"}";
    assertEquals(BodyVerdict.HOLDS, verdict(json, filter));
    assertEquals(BodyVerdict.HOLDS, verdict(json, UTF_16LE, true, filter));
    assertEquals(BodyVerdict.HOLDS, verdict("\uFEFF" + json, filter));
  }

  @ParameterizedTest
  @CsvSource({
    "'{\"a\":\"failed\"}', /a=fail",
    "'{\"a\":17}', /a=1",
    "'{\"a\":17}', /a=17x",
    "'{\"a\":true}', /a=True",
    "'{\"a\":null}', /a=",
    "'{\"a\":{\"b\":1}}', /a=1",
    "'{\"a\":[1]}', /a=1",
    "'{\"a\":[1]}', /a/-=1",
    "'{\"a\":[0,1]}', /a/01=1",
    "'{\"a\":1}', /a/b=1",
    "'{\"b\":1}', /a=1",
    "'{\"a\":1} x', /a=1",
    "'{\"a\":1}{\"a\":1}', /a=1",
    "'{\"a\":1', /a=1",
    "'a=1', /a=1",
    "'', /a=1",
    "'  ', /a=1",
    "'1', /a=1"
  })
  void anythingElseIsNot(String json, String filter) {
    assertEquals(BodyVerdict.FAILS, verdict(json, filter));
  }

  @Test
  void ofABodyThatGoesOnTheStartIsEnough() {
    assertEquals(BodyVerdict.HOLDS, verdict("{\"a\":1,\"b\":\"tex", UTF_8, false, "/a=1"));
    assertEquals(BodyVerdict.FAILS, verdict("{\"a\":1,\"b\":\"tex", UTF_8, false, "/b=tex"));
  }

  @Test
  void depth200IsReadAndDepth201IsNot() {
    String deep = "/a".repeat(200) + "=1";

    assertEquals(BodyVerdict.HOLDS, verdict(nested(200), deep));
    assertEquals(BodyVerdict.UNREAD, verdict(nested(201), deep));
    assertEquals(BodyVerdict.UNREAD, verdict("[".repeat(10_000) + "]".repeat(10_000), "/a=1"));
  }

  private static String nested(int depth) {
    return "{\"a\":".repeat(depth) + "1" + "}".repeat(depth);
  }

  @Test
  void numbersBeyondAnyTypeAreCompared() {
    String digits = "9".repeat(500);
    assertEquals(BodyVerdict.HOLDS, verdict("{\"a\":" + digits + "}", "/a=" + digits + ".0"));
    assertEquals(BodyVerdict.FAILS, verdict("{\"a\":" + digits + "8}", "/a=" + digits + "9"));
    assertEquals(BodyVerdict.HOLDS, verdict("{\"a\":1e999999999}", "/a=10e999999998"));
    assertEquals(BodyVerdict.FAILS, verdict("{\"a\":1e999999999}", "/a=1e999999998"));
    assertEquals(
        BodyVerdict.HOLDS, verdict("{\"a\":1e99999999999999999999}", "/a=1e99999999999999999999"));
    assertEquals(BodyVerdict.FAILS, verdict("{\"a\":" + "1".repeat(1_000_000) + "}", "/a=1"));
  }

  @Test
  void aLoneSurrogateIsAText() {
    assertEquals(BodyVerdict.FAILS, verdict("{\"a\":\"\\ud800\"}", "/a=x"));
    assertEquals(BodyVerdict.HOLDS, verdict("{\"a\":\"\\ud83d\\ude00\"}", "/a=😀"));
  }

  @Test
  void manyMembersOfOneHashAreRead() {
    StringBuilder json = new StringBuilder("{");
    for (int i = 0; i < 20_000; i++) {
      json.append('"').append(i % 2 == 0 ? "Aa" : "BB").append(i).append("\":0,");
    }

    assertEquals(BodyVerdict.HOLDS, verdict(json + "\"a\":1}", "/a=1"));
  }

  @Test
  void severalPlacesAllHaveToHold() throws FilterException {
    Filters filters = Filters.parse(Map.of("json", List.of("/a=1", "/b=2")));
    SearchedBody both =
        new SearchedBody(
            "{\"a\":1,\"b\":2}".getBytes(UTF_8),
            true,
            SearchedBody.Kind.TEXT,
            Optional.empty(),
            Optional.empty());
    SearchedBody one =
        new SearchedBody(
            "{\"a\":1,\"b\":3}".getBytes(UTF_8),
            true,
            SearchedBody.Kind.TEXT,
            Optional.empty(),
            Optional.empty());

    assertEquals(BodyVerdict.HOLDS, filters.onBody(HEAD, both));
    assertEquals(BodyVerdict.FAILS, filters.onBody(HEAD, one));
  }
}

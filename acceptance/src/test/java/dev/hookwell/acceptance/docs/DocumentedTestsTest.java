package dev.hookwell.acceptance.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every test that the documents name is there, as {@code SomethingTest.method} in code quotes. */
final class DocumentedTestsTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern NAMED =
      Pattern.compile("`([A-Z]\\w*(?:Test|IT|Contract)|Page[A-Z]\\w*)\\.(\\w+)`");

  @Test
  void everyTestThatADocumentNamesIsThere() throws IOException {
    Map<String, String> sources = TestSources.read();
    List<String> missing = new ArrayList<>();
    int named = 0;
    for (Path document : documents()) {
      Matcher names = NAMED.matcher(Files.readString(document, UTF_8));
      while (names.find()) {
        named++;
        String source = sources.getOrDefault(names.group(1), "");
        if (!source.contains(" void " + names.group(2) + "(")) {
          missing.add(document.getFileName() + ": " + names.group());
        }
      }
    }
    assertEquals(List.of(), missing);
    assertTrue(named > 30, named + " tests are named");
  }

  private static List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>(List.of(ROOT.resolve("SECURITY.md")));
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      docs.filter(file -> file.toString().endsWith(".md")).forEach(documents::add);
    }
    return documents;
  }
}

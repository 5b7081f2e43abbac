package dev.hookwell.acceptance.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Each row of the documents' tables has a test that {@code @Shows} it, and each of those a row. */
final class ShownRowsTest {
  private static final List<String> DOCUMENTS =
      List.of("SECURITY.md", "docs/hostile-inputs.md", "docs/reliability.md");

  /** {@code H23–H24} and {@code H19, H22} are the rows H23 and H19. */
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| ([FHS]\\d\\d[a-z]?)(?:[–,][^|]*)? \\|");

  private static final Pattern SHOWS = Pattern.compile("@Shows\\((?:\\{[^}]*}|\"[^\"]*\")\\)");
  private static final Pattern ID = Pattern.compile("\"(\\w+)\"");

  @Test
  void everyRowIsShownByATestAndEveryTestShowsARow() throws IOException {
    Set<String> rows = new TreeSet<>();
    for (String document : DOCUMENTS) {
      rows.addAll(found(ROW, Files.readString(Path.of("..", document), UTF_8)));
    }
    Set<String> shown = new TreeSet<>();
    for (String source : TestSources.read().values()) {
      Matcher annotation = SHOWS.matcher(source);
      while (annotation.find()) {
        shown.addAll(found(ID, annotation.group()));
      }
    }

    assertEquals(rows, shown);
  }

  @Test
  void everyFaultHasItsRow() throws IOException {
    Set<String> faults =
        found(ROW, Files.readString(Path.of("..", "docs", "reliability.md"), UTF_8));

    assertEquals(
        IntStream.rangeClosed(1, faults.size())
            .mapToObj("F%02d"::formatted)
            .collect(Collectors.toCollection(TreeSet::new)),
        faults);
  }

  private static Set<String> found(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(result -> result.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}

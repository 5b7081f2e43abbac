package dev.hookwell.acceptance.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whether {@code docs/reliability.md} names every fault, and a test for each. */
final class ReliabilityTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| (F\\d\\d) \\|.*\\| (.*) \\|$");
  private static final Pattern TEST = Pattern.compile("`([A-Z]\\w+)\\.([a-z]\\w+)`");

  private static String page() throws IOException {
    return Files.readString(ROOT.resolve("docs/reliability.md"));
  }

  @Test
  void everyFaultHasItsRowAndEveryRowATest() throws IOException {
    List<String> faults = new ArrayList<>();
    Matcher row = ROW.matcher(page());
    while (row.find()) {
      faults.add(row.group(1));
      assertTrue(TEST.matcher(row.group(2)).find(), row.group(1) + " has no test");
    }
    assertEquals(IntStream.rangeClosed(1, 67).mapToObj("F%02d"::formatted).toList(), faults);
  }
}

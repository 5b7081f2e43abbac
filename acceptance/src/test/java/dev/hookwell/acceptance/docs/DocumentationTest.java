package dev.hookwell.acceptance.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.acceptance.support.Guide;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The pages of the documentation as a whole: every page can be reached from the README. */
final class DocumentationTest {
  @Test
  void noLinkIsDead() {
    assertEquals(List.of(), dead(Guide.all()));
  }

  @Test
  void aLinkToNothingIsFound() {
    Path page = Guide.ROOT.resolve("docs/a.md");
    String text =
        """
        [good](operator.md#alarms) [elsewhere](https://example.com) <img src="images/page-light.png">
        ```
        [in a block](nothing.md)
        ```
        [file](nowhere.md) [anchor](operator.md#alarm) <img src="images/none.png">
        """;

    assertEquals(
        List.of(
            "docs/a.md: nowhere.md", "docs/a.md: operator.md#alarm", "docs/a.md: images/none.png"),
        dead(List.of(new Guide(page, text))));
  }

  private static List<String> dead(List<Guide> guides) {
    List<String> dead = new ArrayList<>();
    for (Guide guide : guides) {
      for (String link : guide.links()) {
        Path target = target(guide, link);
        String anchor = link.contains("#") ? link.substring(link.indexOf('#') + 1) : "";
        if (!Files.exists(target)
            || (!anchor.isEmpty() && !Guide.read(target).anchors().contains(anchor))) {
          dead.add(Guide.ROOT.relativize(guide.file()) + ": " + link);
        }
      }
    }
    return dead;
  }

  @Test
  void everyPageIsReachedFromTheReadme() {
    Set<Path> reached = new TreeSet<>();
    Deque<Path> next = new ArrayDeque<>(List.of(Guide.ROOT.resolve("README.md")));
    while (!next.isEmpty()) {
      Path page = next.pop();
      if (reached.add(page) && page.toString().endsWith(".md")) {
        Guide guide = Guide.read(page);
        guide.links().forEach(link -> next.push(target(guide, link)));
      }
    }
    List<Path> lost =
        Guide.all().stream()
            .map(Guide::file)
            // A link to a folder shows its content.
            .filter(page -> !reached.contains(page) && !reached.contains(page.getParent()))
            .toList();
    assertEquals(List.of(), lost);
  }

  @Test
  void theGlossaryHasEveryWordThatTheApiAnswersWith() {
    String glossary = Guide.read("docs/glossary.md").text();
    for (String word :
        List.of(
            "hook",
            "capture",
            "seq",
            "view key",
            "owner key",
            "envelope",
            "note",
            "evicted",
            "stored",
            "available",
            "deleted",
            "dropped",
            "floor",
            "poison",
            "dead letter",
            "edge",
            "operator",
            "sender")) {
      assertTrue(glossary.contains("**" + word + "**"), word);
    }
  }

  private static Path target(Guide guide, String link) {
    String path = link.replaceFirst("#.*", "");
    return path.isEmpty() ? guide.file() : guide.file().resolveSibling(path).normalize();
  }
}

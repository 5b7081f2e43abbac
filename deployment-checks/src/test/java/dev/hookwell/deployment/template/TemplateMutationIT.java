package dev.hookwell.deployment.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * That the build finds mistakes in {@code template.yaml}, without AWS's tools: each is made alone,
 * and a check has to fail.
 */
final class TemplateMutationIT {
  /** Texts for people or tools: nothing in the stack acts by them. */
  private static final Pattern HARMLESS =
      Pattern.compile(
          "/Description|.*/(Description|AlarmDescription|ConstraintDescription|AssertDescription"
              + "|DisplayName|PolicyName|cfn-lint)(/.*)?"
              + "|/Resources/SettingsVersion/Properties/Content/Fn::Sub/0");

  private final Template template = Template.read(Template.SOURCE);
  private final TemplateChecks checks = new TemplateChecks();

  @Test
  void theTemplatePassesItsChecks() {
    assertEquals("", checks.failing(template));
  }

  @Test
  void everyMistakeOfTheListIsFound() throws IOException {
    List<String> mistakes =
        Files.readAllLines(Path.of("src", "test", "resources", "aws", "mistakes.txt")).stream()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .toList();
    List<String> overlooked = new ArrayList<>();
    for (String mistake : mistakes) {
      TemplateSweep.Change change = change(mistake);
      Template changed = change.applyTo(template);
      assertTrue(!changed.equals(template), () -> mistake + " changes nothing");
      if (checks.failing(changed).isEmpty()) {
        overlooked.add(mistake);
      }
    }
    assertTrue(mistakes.size() > 200, () -> "only " + mistakes.size());
    assertEquals(List.of(), overlooked);
  }

  /** No place is left that no test checks: a value altered, taken away, or put in. */
  @Test
  void everySmallChangeIsFoundUnlessItIsHarmless() {
    List<TemplateSweep.Change> changes = TemplateSweep.of(template);
    List<String> overlooked =
        changes.stream()
            .filter(change -> !HARMLESS.matcher(change.at()).matches())
            .filter(change -> checks.failing(change.applyTo(template)).isEmpty())
            .map(TemplateSweep.Change::toString)
            .toList();
    assertTrue(changes.size() > 3000, () -> "only " + changes.size());
    assertEquals(List.of(), overlooked);
  }

  /** A line of the list. */
  private static TemplateSweep.Change change(String line) {
    boolean away = line.endsWith(" -");
    int end = away ? line.length() - 2 : line.indexOf(" = ");
    String at = line.substring(0, end);
    List<String> names = new ArrayList<>(List.of(at.replaceFirst("^/", "").split("\\.", -1)));
    if (!at.startsWith("/")) {
      boolean attribute = names.size() > 1 && names.get(1).startsWith("@");
      if (attribute) {
        names.set(1, names.get(1).substring(1));
      } else if (names.size() > 1) {
        names.add(1, "Properties");
      }
      names.add(0, "Resources");
    }
    String pointer =
        names.stream()
            .map(name -> "/" + name.replace("~", "~0").replace("/", "~1"))
            .collect(Collectors.joining());
    return new TemplateSweep.Change(
        pointer,
        away ? JsonNodeFactory.instance.missingNode() : Template.parse(line.substring(end + 3)));
  }
}

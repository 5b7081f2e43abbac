package dev.hookwell.deployment.supply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hookwell.capture.Shows;
import dev.hookwell.local.Client;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** No library is at a version to which a known advisory applies, docs/testing.md. */
final class AdvisoriesIT {
  private static final Path ROOT = Path.of("..");

  /** After so many days it is time to look the advisories up again. */
  private static final int REMINDER_DAYS = 90;

  private static final int MAX_AGE_DAYS = 180;

  private static final Pattern MANAGED =
      Pattern.compile(
          "<dependency>\\s*<groupId>([^<]+)</groupId>\\s*<artifactId>([^<]+)</artifactId>\\s*"
              + "(?:<!--[^>]*-->\\s*)?<version>([0-9][^<]*)</version>");

  private static final Advisories LISTED =
      Advisories.parse(json(ROOT.resolve("docs/advisories.json")));

  private static JsonNode json(Path file) {
    try {
      return Client.json(Files.readString(file));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The libraries of the runner, of the deployed functions, of the tests, and of the load test. */
  private static List<Advisories.Used> used() throws IOException {
    assumeFalse(Boolean.getBoolean("hookwell.bom.left.out"), "no bill was to be written");
    List<Advisories.Used> used = new ArrayList<>();
    for (JsonNode component : json(ROOT.resolve("target/bom.json")).get("components")) {
      String group = component.get("group").textValue();
      if (!group.equals("dev.hookwell")) {
        used.add(
            new Advisories.Used(
                group + ":" + component.get("name").textValue(),
                component.get("version").textValue()));
      }
    }
    Matcher managed = MANAGED.matcher(Files.readString(ROOT.resolve("pom.xml")));
    while (managed.find()) {
      used.add(new Advisories.Used(managed.group(1) + ":" + managed.group(2), managed.group(3)));
    }
    for (Map.Entry<String, JsonNode> entry :
        json(ROOT.resolve("loadtest/package-lock.json")).get("packages").properties()) {
      String path = entry.getKey();
      if (!path.isEmpty()) {
        used.add(
            new Advisories.Used(
                "npm:" + path.substring(path.lastIndexOf("node_modules/") + 13),
                entry.getValue().get("version").textValue()));
      }
    }
    return used;
  }

  @Test
  @Shows("S35b")
  void noLibraryIsAtAVersionToWhichAKnownAdvisoryApplies() throws IOException {
    List<Advisories.Used> used = used();
    assertTrue(used.size() > 150, used.size() + " libraries");
    assertEquals(List.of(), LISTED.faults(used));
  }

  @Test
  void noReasonIsLeftThatIsNeededNoMore() throws IOException {
    assertEquals(List.of(), LISTED.needlessReasons(used()));
  }

  @Test
  void everyAdvisoryIsNamedAsItsSourceNamesIt() {
    Set<String> names = new HashSet<>();
    for (Advisories.Library library : LISTED.libraries()) {
      library.names().forEach(name -> assertTrue(names.add(name), name + " is there twice"));
      for (Advisories.Advisory advisory : library.advisories()) {
        assertTrue(
            advisory.id().matches("CVE-[0-9]{4}-[0-9]{4,6}|GHSA(-[0-9a-z]{4}){3}"), advisory.id());
        assertTrue(!advisory.affected().isEmpty() && !advisory.about().isEmpty(), advisory.id());
      }
    }
  }

  @Test
  @Shows("S35b")
  void aLibraryThatIsNewOrAffectedIsFound() {
    Advisories advisories =
        Advisories.parse(
            Client.json(
                """
                {"libraries":[
                  {"names":["a:*"],"lookedUp":"2026-01-02","advisories":[
                    {"id":"CVE-1","affected":[["1.0","1.9"],["2.0","2.4.10"]],"about":"x"}]},
                  {"names":["a:own","npm:c"],"lookedUp":"2026-01-01","advisories":[
                    {"id":"CVE-2","affected":[["0","9"]],"about":"y","harmless":"because"}]}]}
                """));

    assertEquals(
        List.of(
            "CVE-1 applies to a:b 2.4.9.Final: x",
            "n:ew is new: look its advisories up, and add it to docs/advisories.json"),
        advisories.faults(
            List.of(
                new Advisories.Used("a:b", "2.4.9.Final"),
                new Advisories.Used("a:b", "2.4.10.Final"),
                new Advisories.Used("a:b", "1.9"),
                new Advisories.Used("a:own", "1.0"),
                new Advisories.Used("n:ew", "1.0"))));
    assertEquals(
        List.of("CVE-2 needs no reason"),
        advisories.needlessReasons(List.of(new Advisories.Used("a:own", "9.1"))));
    assertEquals(List.of(), advisories.needlessReasons(List.of(new Advisories.Used("npm:c", "8"))));
    assertEquals(LocalDate.of(2026, 1, 1), advisories.oldest());
  }

  @Test
  void itIsSaidWhenTheListGrowsOld() {
    LocalDate oldest = LISTED.oldest();
    if (oldest.plusDays(REMINDER_DAYS).isBefore(LocalDate.now(ZoneOffset.UTC))) {
      System.out.println(
          "Hookwell's advisories were looked up on " + oldest + ": look again, docs/testing.md.");
    }
  }

  /** Among the long tests only: a build of last year's code still passes. */
  @Test
  @Tag("long")
  void theListIsNotOlderThanHalfAYear() {
    LocalDate oldest = LISTED.oldest();
    assertTrue(
        !oldest.plusDays(MAX_AGE_DAYS).isBefore(LocalDate.now(ZoneOffset.UTC)),
        "looked up on " + oldest + ": look the advisories up again, docs/testing.md");
  }
}

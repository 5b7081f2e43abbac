package dev.hookwell.deployment.supply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hookwell.capture.Shows;
import dev.hookwell.local.Client;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The bill of materials that the build writes, see docs/testing.md. */
final class BillOfMaterialsIT {
  private static final Set<String> PERMISSIVE =
      Set.of("Apache-2.0", "MIT", "MIT-0", "BSD-2-Clause", "BSD-3-Clause", "0BSD");

  /**
   * Of the local runner and the benchmarks only, which are not handed on in one piece with them.
   */
  private static final Set<String> OF_THE_RUNNER =
      Set.of(
          "EPL-1.0",
          "EPL 1.0",
          "EPL-2.0",
          "LGPL-2.1-only",
          "MPL-2.0",
          "GPL-2.0-with-classpath-exception",
          "GNU General Public License (GPL), version 2, with the Classpath exception",
          "GNU Lesser General Public License");

  private final Map<String, Set<String>> licences = new HashMap<>();
  private final Map<String, List<String>> dependencies = new HashMap<>();

  @BeforeEach
  void read() throws IOException {
    assumeFalse(Boolean.getBoolean("hookwell.bom.left.out"), "no bill was to be written");
    JsonNode bill = Client.json(Files.readString(Path.of("..", "target", "bom.json")));
    for (JsonNode component : bill.get("components")) {
      Set<String> names = new TreeSet<>();
      for (JsonNode licence : component.path("licenses")) {
        JsonNode said = licence.path("license");
        names.add(said.path("id").asText(said.path("name").asText()));
      }
      licences.put(component.get("bom-ref").textValue(), names);
    }
    for (JsonNode dependency : bill.get("dependencies")) {
      Set<String> needed = new TreeSet<>();
      dependency.path("dependsOn").forEach(one -> needed.add(one.textValue()));
      dependencies.put(dependency.get("ref").textValue(), List.copyOf(needed));
    }
  }

  @Test
  @Shows("S35")
  void everythingHasALicenceThatIsKnownAndAVersionThatStays() {
    assertTrue(licences.size() > 80, licences.size() + " components");
    Set<String> known = new TreeSet<>(PERMISSIVE);
    known.addAll(OF_THE_RUNNER);
    licences.forEach((component, names) -> {
      assertFalse(names.isEmpty(), component);
      assertTrue(known.containsAll(names), component + " is under " + names);
      assertFalse(component.contains("SNAPSHOT"), component);
    });
  }

  @Test
  @Shows("S35")
  void whatIsDeployedIsUnderPermissiveLicencesOnly() {
    for (String function : List.of("ingest-function", "persist-function", "api-function")) {
      Set<String> parts = reachable(function);
      assertTrue(parts.size() > 10, function + " has " + parts);
      for (String part : parts) {
        assertEquals(
            Set.of(),
            licences.getOrDefault(part, Set.of("none")).stream()
                .filter(licence -> !PERMISSIVE.contains(licence))
                .collect(Collectors.toSet()),
            part);
      }
    }
  }

  private Set<String> reachable(String module) {
    Set<String> reached = new TreeSet<>();
    Deque<String> open = new ArrayDeque<>();
    licences.keySet().stream().filter(ref -> ref.contains("/" + module + "@")).forEach(open::add);
    while (!open.isEmpty()) {
      String part = open.pop();
      if (reached.add(part)) {
        open.addAll(dependencies.getOrDefault(part, List.of()));
      }
    }
    return reached;
  }
}

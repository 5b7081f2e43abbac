package dev.hookwell.acceptance.modules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The packages that each package of the runner may use, as its {@code package-info} says. */
final class RunnerPackagesTest {
  private static final String RUNNER = "dev.hookwell.local";

  private record Row(String name, Set<String> uses) {}

  /** From the bottom up. The last is the runner itself, which puts the others together. */
  private static final List<Row> TABLE =
      List.of(
          new Row("machine", Set.of()),
          new Row("folder", Set.of()),
          new Row("lambda", Set.of()),
          new Row("check", Set.of()),
          new Row("gateway", Set.of("machine", "lambda")),
          new Row("queue", Set.of("machine", "folder", "lambda")),
          new Row("postgres", Set.of("machine", "folder")),
          new Row("bodies", Set.of("machine", "folder", "queue")),
          new Row("backup", Set.of("folder", "queue", "postgres")),
          new Row("metrics", Set.of("machine", "queue")),
          new Row("command", Set.of("machine", "gateway")),
          new Row(
              "",
              Set.of(
                  "machine",
                  "folder",
                  "check",
                  "gateway",
                  "queue",
                  "postgres",
                  "bodies",
                  "backup",
                  "metrics",
                  "command")));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("tests.jar"))
          .importPackages(RUNNER);

  @Test
  void eachUsesThosePackagesThatItsRowNames() {
    Map<String, Set<String>> expected = new TreeMap<>();
    TABLE.forEach(row -> expected.put(row.name(), new TreeSet<>(row.uses())));
    Map<String, Set<String>> found = new TreeMap<>();
    for (JavaClass one : CLASSES) {
      Set<String> uses = found.computeIfAbsent(name(one), _ -> new TreeSet<>());
      for (Dependency dependency : one.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        if (target.getPackageName().startsWith(RUNNER) && !name(target).equals(name(one))) {
          uses.add(name(target));
        }
      }
    }
    assertEquals(expected, found);
  }

  @Test
  void theTableGoesOneWay() {
    Set<String> below = new HashSet<>();
    for (Row row : TABLE) {
      assertTrue(below.containsAll(row.uses()), row::toString);
      below.add(row.name());
    }
  }

  private static String name(JavaClass of) {
    return of.getPackageName().substring(RUNNER.length()).replaceFirst("^\\.", "");
  }
}

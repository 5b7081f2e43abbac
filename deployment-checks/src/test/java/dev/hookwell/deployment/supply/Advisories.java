package dev.hookwell.deployment.supply;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.module.ModuleDescriptor.Version;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The advisories that were looked up for our libraries, as {@code docs/advisories.json} has them.
 *
 * @param libraries no two of one name; a name that ends with a star stands for a whole group
 */
record Advisories(List<Library> libraries) {
  record Library(List<String> names, LocalDate lookedUp, List<Advisory> advisories) {
    private boolean isOfGroup(String library) {
      return names.stream()
          .anyMatch(name ->
              name.endsWith("*") && library.startsWith(name.substring(0, name.length() - 1)));
    }
  }

  /**
   * @param harmless why it does not apply to us; empty where it does
   */
  record Advisory(String id, List<Range> affected, String about, String harmless) {
    boolean affects(String version) {
      return affected.stream().anyMatch(range -> range.holds(Version.parse(version)));
    }
  }

  /** Versions from the first, and before the second. */
  record Range(Version from, Version before) {
    private boolean holds(Version version) {
      return version.compareTo(from) >= 0 && version.compareTo(before) < 0;
    }
  }

  /** One of our libraries: {@code group:artifact}, or {@code npm:} and a name. */
  record Used(String name, String version) {}

  static Advisories parse(JsonNode list) {
    List<Library> libraries = new ArrayList<>();
    for (JsonNode library : list.get("libraries")) {
      List<String> names = new ArrayList<>();
      library.get("names").forEach(name -> names.add(name.textValue()));
      List<Advisory> advisories = new ArrayList<>();
      for (JsonNode advisory : library.get("advisories")) {
        List<Range> affected = new ArrayList<>();
        for (JsonNode range : advisory.get("affected")) {
          affected.add(
              new Range(
                  Version.parse(range.get(0).textValue()),
                  Version.parse(range.get(1).textValue())));
        }
        advisories.add(
            new Advisory(
                advisory.get("id").textValue(),
                affected,
                advisory.get("about").textValue(),
                advisory.path("harmless").asText()));
      }
      libraries.add(
          new Library(names, LocalDate.parse(library.get("lookedUp").textValue()), advisories));
    }
    return new Advisories(libraries);
  }

  /** The entry of a library: that of its own name before that of its group. */
  Optional<Library> of(String library) {
    return libraries.stream()
        .filter(entry -> entry.names().contains(library))
        .findFirst()
        .or(() -> libraries.stream().filter(entry -> entry.isOfGroup(library)).findFirst());
  }

  /** The faults in the use of these libraries, a sentence each. */
  List<String> faults(List<Used> used) {
    List<String> faults = new ArrayList<>();
    for (Used one : used) {
      Optional<Library> library = of(one.name());
      if (library.isEmpty()) {
        faults.add(
            one.name() + " is new: look its advisories up, and add it to docs/advisories.json");
      }
      for (Advisory advisory : library.map(Library::advisories).orElse(List.of())) {
        if (advisory.harmless().isEmpty() && advisory.affects(one.version())) {
          faults.add(
              "%s applies to %s %s: %s"
                  .formatted(advisory.id(), one.name(), one.version(), advisory.about()));
        }
      }
    }
    return faults;
  }

  /** Advisories with a reason why they are harmless, although they affect nothing that is used. */
  List<String> needlessReasons(List<Used> used) {
    List<String> needless = new ArrayList<>();
    for (Library library : libraries) {
      for (Advisory advisory : library.advisories()) {
        boolean affects =
            used.stream()
                .anyMatch(one ->
                    of(one.name()).filter(library::equals).isPresent()
                        && advisory.affects(one.version()));
        if (!advisory.harmless().isEmpty() && !affects) {
          needless.add(advisory.id() + " needs no reason");
        }
      }
    }
    return needless;
  }

  /** The day of the oldest look-up. */
  LocalDate oldest() {
    return libraries.stream().map(Library::lookedUp).min(LocalDate::compareTo).orElseThrow();
  }
}

package dev.hookwell.benchmarks;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Benchmarks that were not run for a long time still run. */
@Tag("long")
final class BenchmarksIT {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "store",
        "batches",
        "hot-hook",
        "round-trips",
        "poll",
        "find",
        "ingest",
        "cold-start",
        "client",
        "bodies",
        "responses",
        "codecs"
      })
  void everyBenchmarkRunsAndMeasures(String name) throws Exception {
    // Jars of an earlier build do as well.
    Path jar = name.equals("client") ? ClientBenchmark.JAR : ColdStartBenchmark.JAR;
    assumeFalse(
        Set.of("cold-start", "client").contains(name)
            && Boolean.getBoolean("hookwell.jars.left.out")
            && Files.notExists(jar),
        "no jars were made");
    String table =
        Objects.requireNonNull(Benchmarks.all().get(name)).get().run(Scale.SMALLEST).toString();
    assertTrue(table.lines().count() > 2, table);
  }
}

package dev.hookwell.acceptance.docs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** The text of every test class of the repository. */
final class TestSources {
  private static final Path ROOT = Path.of("..");

  private TestSources() {}

  /** By its simple name; two modules may have one each. */
  static Map<String, String> read() throws IOException {
    Map<String, String> sources = new HashMap<>();
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path tests :
          modules
              .map(module -> module.resolve("src/test/java"))
              .filter(Files::isDirectory)
              .toList()) {
        try (Stream<Path> files = Files.walk(tests)) {
          for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
            String name = file.getFileName().toString();
            sources.merge(
                name.substring(0, name.indexOf('.')),
                Files.readString(file, UTF_8),
                String::concat);
          }
        }
      }
    }
    return sources;
  }
}

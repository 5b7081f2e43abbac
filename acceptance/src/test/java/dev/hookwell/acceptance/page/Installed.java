package dev.hookwell.acceptance.page;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Programs of this machine. */
final class Installed {
  private Installed() {}

  /** The program that the variable names, else the first of these names that is on the PATH. */
  static Optional<Path> find(Map<String, String> environment, String variable, List<String> names) {
    String named = environment.getOrDefault(variable, "");
    if (!named.isEmpty()) {
      return Optional.of(Path.of(named));
    }
    String[] folders = environment.getOrDefault("PATH", "").split(File.pathSeparator, -1);
    Stream<Path> all =
        names.stream().flatMap(name -> Arrays.stream(folders).map(folder -> Path.of(folder, name)));
    return all.filter(Files::isExecutable).findFirst();
  }
}

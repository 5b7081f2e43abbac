package dev.hookwell.distribution;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Java of the modules that are used, linked from the one that runs. */
final class LinkedJava {
  private LinkedJava() {}

  static void link(Path folder, List<String> modules, String... options)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "jlink").toString(),
                "--add-modules",
                String.join(",", modules),
                "--strip-debug",
                "--no-man-pages",
                "--no-header-files",
                "--output",
                folder.toString()));
    command.addAll(List.of(options));
    Process jlink = new ProcessBuilder(command).inheritIO().start();
    if (jlink.waitFor() != 0) {
      throw new IOException("jlink ended with " + jlink.exitValue());
    }
  }
}

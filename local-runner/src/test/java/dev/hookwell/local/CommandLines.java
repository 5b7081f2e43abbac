package dev.hookwell.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Every command line on this machine while it is watched, as any user can read it. */
public final class CommandLines {
  private final Set<String> seen = ConcurrentHashMap.newKeySet();
  private final Thread watcher = Thread.ofPlatform().daemon().unstarted(this::run);
  private volatile boolean stopped;

  private CommandLines() {}

  public static CommandLines watch() {
    CommandLines lines = new CommandLines();
    lines.watcher.start();
    return lines;
  }

  /** Ends watching; gives the command lines seen, with spaces between the arguments. */
  public Set<String> stop() throws InterruptedException {
    stopped = true;
    watcher.join();
    return Set.copyOf(seen);
  }

  private void run() {
    while (!stopped) {
      try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
        processes.forEach(this::look);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  private void look(Path process) {
    try {
      seen.add(
          Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1)
              .replace('\0', ' '));
    } catch (IOException _) {
      // It has ended.
    }
  }
}

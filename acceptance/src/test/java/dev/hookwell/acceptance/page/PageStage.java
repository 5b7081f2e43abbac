package dev.hookwell.acceptance.page;

import dev.hookwell.acceptance.support.BodyFiles;
import dev.hookwell.local.Client;
import dev.hookwell.local.LocalSystem;
import dev.hookwell.local.folder.KeyFile;
import dev.hookwell.local.folder.LocalKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** One running system and one browser, which the page's tests share. */
final class PageStage implements AutoCloseable {
  private final Path data;
  private final LocalSystem system;
  private final Client client;
  private final Chromium chromium;

  private PageStage(Path data, LocalSystem system, Chromium chromium) {
    this.data = data;
    this.system = system;
    this.client = new Client(system.address());
    this.chromium = chromium;
  }

  /** Takes seconds. */
  static PageStage open(Path executable) {
    try {
      Path data = Files.createTempDirectory("hookwell-page");
      Chromium chromium = Chromium.start(executable);
      try {
        return new PageStage(data, LocalSystem.start(Client.settings(data, 0)), chromium);
      } catch (RuntimeException e) {
        chromium.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where a body lies that is too large for a message. */
  Path object(Client.Hook hook, String captureId) {
    return BodyFiles.file(data, hook, captureId);
  }

  LocalSystem system() {
    return system;
  }

  /** The system's own keys, for ids that it would not make by itself. */
  LocalKeys keys() {
    try {
      return KeyFile.readOrMake(data.resolve("keys"), new SecureRandom());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Client client() {
    return client;
  }

  Chromium chromium() {
    return chromium;
  }

  @Override
  public void close() throws IOException {
    chromium.close();
    client.close();
    system.close();
    List<Path> all;
    try (Stream<Path> walk = Files.walk(data)) {
      all = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.delete(path);
    }
  }
}

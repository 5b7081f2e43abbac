package dev.hookwell.acceptance.support;

import dev.hookwell.local.Client;
import dev.hookwell.local.LocalSystem;
import dev.hookwell.local.folder.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A whole system on a free port for the tests of a class, and a client of it. */
public final class RunningSystem implements BeforeAllCallback, AfterAllCallback {
  private final Map<String, String> environment;
  private @Nullable Path data;
  private @Nullable LocalSystem system;
  private @Nullable Client client;

  public RunningSystem() {
    this(Map.of());
  }

  /**
   * @param environment further settings of the functions
   */
  public RunningSystem(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    data = Files.createTempDirectory("hookwell-system");
    system =
        LocalSystem.start(
            new LocalSystem.Settings(0, data, Optional.empty(), false, false, environment));
    client = new Client(system.address());
  }

  public LocalSystem system() {
    return Objects.requireNonNull(system);
  }

  public Path data() {
    return Objects.requireNonNull(data);
  }

  public Client client() {
    return Objects.requireNonNull(client);
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    if (client != null) {
      client.close();
    }
    if (system != null) {
      system.close();
    }
    if (data != null) {
      PrivateFiles.delete(data);
    }
  }
}

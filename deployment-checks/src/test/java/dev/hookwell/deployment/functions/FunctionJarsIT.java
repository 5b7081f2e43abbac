package dev.hookwell.deployment.functions;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** The content of the jars that are deployed. */
final class FunctionJarsIT {
  private static final Path INGEST = Path.of("../ingest-function/target/ingest-function.jar");
  private static final Path RESPOND = Path.of("../respond-function/target/respond-function.jar");
  private static final Path PERSIST = Path.of("../persist-function/target/persist-function.jar");
  private static final Path API = Path.of("../api-function/target/api-function.jar");

  @Test
  void ingestHoldsNoDatabaseNoDatabindAndNoEventClasses() throws IOException {
    for (String banned :
        List.of(
            "org/postgresql/",
            "com/zaxxer/",
            "dev/hookwell/store/",
            "dev/hookwell/support/",
            "com/fasterxml/jackson/databind/",
            "com/amazonaws/services/lambda/runtime/events/",
            "io/netty/")) {
      assertFalse(holds(INGEST, banned), banned);
    }
    assertTrue(holds(INGEST, "dev/hookwell/ingest/IngestHandler.class"));
    assertTrue(holds(INGEST, "software/amazon/awssdk/services/sqs/"));
  }

  @Test
  void theOthersHoldNoQueueAndOneSmallHttpClient() throws IOException {
    for (String banned :
        List.of(
            "software/amazon/awssdk/services/sqs/",
            "io/netty/",
            "org/apache/hc/",
            "org/apache/http/")) {
      assertFalse(holds(PERSIST, banned), banned);
      assertFalse(holds(API, banned), banned);
    }
    assertTrue(holds(PERSIST, "dev/hookwell/persist/MigrationHandler.class"));
    assertTrue(holds(API, "dev/hookwell/web/index.html"));
  }

  @Test
  void respondHoldsQueueAndDatabaseAndNoOtherFunction() throws IOException {
    for (String banned :
        List.of(
            "dev/hookwell/ingest/",
            "dev/hookwell/api/",
            "dev/hookwell/persist/",
            "com/fasterxml/jackson/databind/",
            "com/amazonaws/services/lambda/runtime/events/",
            "io/netty/")) {
      assertFalse(holds(RESPOND, banned), banned);
    }
    assertTrue(holds(RESPOND, "dev/hookwell/respond/RespondHandler.class"));
    assertTrue(holds(RESPOND, "software/amazon/awssdk/services/sqs/"));
    assertTrue(holds(RESPOND, "org/postgresql/"));
  }

  @Test
  void theApiCarriesTheClientAsItWasBuilt() throws IOException {
    try (JarFile api = new JarFile(API.toFile());
        InputStream client = api.getInputStream(api.getEntry("hookwell.jar"))) {
      assertArrayEquals(
          Files.readAllBytes(Path.of("../client/target/hookwell.jar")), client.readAllBytes());
    }
  }

  private static boolean holds(Path jar, String prefix) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.stream().anyMatch(entry -> entry.getName().startsWith(prefix));
    }
  }
}

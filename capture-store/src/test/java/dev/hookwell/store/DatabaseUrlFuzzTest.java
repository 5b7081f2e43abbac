package dev.hookwell.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Properties;
import java.util.Set;
import org.postgresql.Driver;

final class DatabaseUrlFuzzTest {
  private static final Set<String> PROPERTIES =
      Set.of(
          "user",
          "password",
          "ApplicationName",
          "options",
          "sslmode",
          "sslfactory",
          "sslrootcert",
          "sslcert",
          "sslkey",
          "sslpassword");

  /**
   * Of the driver's own parameters only these may come from what stands before the question mark.
   */
  private static final Set<String> OF_THE_ADDRESS = Set.of("PGHOST", "PGPORT", "PGDBNAME");

  @FuzzTest(maxDuration = "3m")
  void aUrlIsRefusedOrUnderstoodByTheDriverAsItWasByUs(byte[] input) {
    DatabaseUrl url;
    try {
      url = DatabaseUrl.parse(new String(input, UTF_8), false);
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      assertTrue(message.startsWith("the database URL is not usable: "), message);
      return;
    }
    assertEquals("verify-full", url.properties().get("sslmode"));
    assertTrue(PROPERTIES.containsAll(url.properties().keySet()), url.properties()::toString);
    Properties driver = Driver.parseURL(url.jdbcUrl(), new Properties());
    assertNotNull(driver, url.jdbcUrl());
    assertTrue(OF_THE_ADDRESS.containsAll(driver.stringPropertyNames()), driver::toString);
  }
}

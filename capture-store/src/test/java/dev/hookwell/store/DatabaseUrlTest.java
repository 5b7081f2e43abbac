package dev.hookwell.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.capture.Shows;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DatabaseUrlTest {
  private static final String JVM_TRUST = "org.postgresql.ssl.DefaultJavaSSLFactory";

  @Test
  void cockroachsOwnFormIsTaken() {
    DatabaseUrl url =
        DatabaseUrl.parse(
            "postgresql://maria:p%40ss%2Bw%2Frd+@free-tier.example.cloud:26257/defaultdb"
                + "?sslmode=verify-full&options=--cluster%3Dold-name%20-c%20x.y%3D1"
                + "&application_name=mine",
            false);

    assertEquals("jdbc:postgresql://free-tier.example.cloud:26257/defaultdb", url.jdbcUrl());
    assertEquals(
        Map.of(
            "user", "maria",
            "password", "p@ss+w/rd+",
            "sslmode", "verify-full",
            "sslfactory", JVM_TRUST,
            "options", "--cluster=old-name -c x.y=1",
            "ApplicationName", "mine"),
        url.properties());
  }

  @Test
  @Shows("F40")
  void withoutAnSslModeTheStrictestIsTaken() {
    Map<String, String> properties = DatabaseUrl.parse("postgres://u@h/d", false).properties();

    assertEquals("verify-full", properties.get("sslmode"));
    assertEquals(JVM_TRUST, properties.get("sslfactory"));
  }

  @Test
  void aNamedAuthorityReplacesTheTrustStoreOfTheJvm() {
    Map<String, String> properties =
        DatabaseUrl.parse("postgresql://u@h:1/d?sslrootcert=%2Fetc%2Fca.crt", false).properties();

    assertEquals("/etc/ca.crt", properties.get("sslrootcert"));
    assertFalse(properties.containsKey("sslfactory"));
  }

  @Test
  void theSystemsAuthoritiesAreThoseOfTheJvm() {
    Map<String, String> properties =
        DatabaseUrl.parse("postgresql://u@h:1/d?sslrootcert=system", false).properties();

    assertFalse(properties.containsKey("sslrootcert"));
    assertEquals(JVM_TRUST, properties.get("sslfactory"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"disable", "allow", "prefer", "require", "verify-ca"})
  @Shows("S13")
  void weakerTlsNeedsTheFlag(String mode) {
    String url = "postgresql://u@h:1/d?sslmode=" + mode;

    assertThrows(IllegalArgumentException.class, () -> DatabaseUrl.parse(url, false));
    assertEquals(mode, DatabaseUrl.parse(url, true).properties().get("sslmode"));
  }

  @Test
  void aServerCanBeHeldToProveThatItKnowsThePassword() {
    String url = "postgresql://u:p@h:1/d?require_auth=";

    assertEquals(
        "scram-sha-256",
        DatabaseUrl.parse(url + "scram-sha-256", false).properties().get("requireAuth"));
    assertThrows(IllegalArgumentException.class, () -> DatabaseUrl.parse(url + "none", false));
  }

  @Test
  void severalHostsAndIpv6AreTaken() {
    assertEquals(
        "jdbc:postgresql://a:1,[::1]:26257,10.0.0.1/d",
        DatabaseUrl.parse("postgresql://u@a:1,[::1]:26257,10.0.0.1/d", false).jdbcUrl());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hunter2",
        "jdbc:postgresql://u:hunter2@h/d",
        "mysql://u:hunter2@h/d",
        "postgresql://u:hunter2@h",
        "postgresql://u:hunter2@h/",
        "postgresql://u:hunter2?x@h/d",
        "postgresql://u:hunter2@h:port/d",
        "postgresql://u:hunter2@h:0/d",
        "postgresql://u:hunter2@h:65536/d",
        "postgresql://u:hunter2@a:1,[::1]:0,b/d",
        "postgresql://u:hunter2@h/d%zz",
        "postgresql://u:hunter2@/d",
        "postgresql://u:hunter2@h/d/e",
        "postgresql://:hunter2@h/d",
        "postgresql://h/d?password=hunter2",
        "postgresql://u:hunter2%4@h/d",
        "postgresql://u:hunter2%zz@h/d",
        "postgresql://u:hunter2@h/d?socketFactory=hunter2",
        "postgresql://u:x@h/d?hunter2%20=1",
        "postgresql://u:hunter2@h/d?sslmode=hunter2",
        "postgresql://u:hunter2@h/d?sslmode=require&sslmode=require"
      })
  void whatIsNotUsableIsRefusedWithoutShowingThePassword(String text) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> DatabaseUrl.parse(text, true));

    assertFalse(refused.toString().contains("hunter2"), refused.toString());
    assertTrue(refused.getCause() == null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"h:1", "h:65535", "[::1]:5432", "[::0]", "a:1,b:65535"})
  void everyPortThatThereIsIsTaken(String hosts) {
    assertEquals(
        "jdbc:postgresql://" + hosts + "/d",
        DatabaseUrl.parse("postgresql://u@" + hosts + "/d", false).jdbcUrl());
  }

  @Test
  void printingItDoesNotShowThePassword() {
    assertEquals(
        "jdbc:postgresql://h/d", DatabaseUrl.parse("postgresql://u:hunter2@h/d", false).toString());
  }
}

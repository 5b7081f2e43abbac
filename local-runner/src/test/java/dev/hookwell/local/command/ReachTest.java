package dev.hookwell.local.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.capture.Shows;
import dev.hookwell.local.machine.ListenAddresses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Options that are refused as unsafe, and the message for each. */
final class ReachTest {
  private static final String KEY = "0123456789abcdef0123456789abcdef";
  private static final Map<String, String> WITH_KEY = Map.of("HOOKWELL_CREATION_KEY", KEY);

  @TempDir private Path folder;

  @Test
  void unlessOtherwiseNamedItIsReachedFromThisMachineAlone() {
    Reach reach = reach(Map.of());

    assertEquals(Reach.loopback(), reach);
    assertEquals("127.0.0.1", ListenAddresses.text(reach.addresses().all().getFirst()));
    assertTrue(reach.addresses().isLoopback());
    assertEquals(
        Map.of(
            "PUBLIC_BASE_URL",
            "http://127.0.0.1:8080",
            "ALLOWED_ORIGINS",
            "http://127.0.0.1:8080,http://localhost:8080,http://[::1]:8080"),
        reach.variables(8080));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--host=0.0.0.0 --public-url=https://h.example",
        "--host=:: --public-url=https://h.example",
        "--host=192.0.2.1",
        "--host=127.0.0.1 --host=192.0.2.1 --public-url=http://localhost",
        "--public-url=https://h.example",
        "--public-url=http://h.example:8080/ --allow-http",
        "--public-url=https://h.example --trusted-proxy=127.0.0.1",
        "--public-url=http://localhost.example --allow-http"
      })
  @Shows("S43")
  void withoutAKeyNobodyElseReachesIt(String line) {
    String refusal = refusal(Map.of(), line.split(" "));

    assertTrue(
        refusal.startsWith("--host lets") || refusal.startsWith("--public-url lets"), refusal);
    assertTrue(refusal.endsWith("and name that by --creation-key-file"), refusal);
    assertFalse(refusal.contains("\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--host=0.0.0.0 --public-url=https://h.example",
        "--host=0.0.0.0 --public-url=http://localhost:8080",
        "--host=:: --public-url=http://h.example --allow-http",
        "--host=192.0.2.1 --allow-http",
        "--host=192.0.2.1 --public-url=https://h.example",
        "--public-url=https://h.example --trusted-proxy=127.0.0.1"
      })
  void withAKeyAndAWayThatIsPrivateOthersReachIt(String line) {
    Map<String, String> variables = reach(WITH_KEY, line.split(" ")).variables(8080);

    assertEquals("key", variables.get("HOOK_CREATION"));
    assertEquals(KEY, variables.get("HOOK_CREATION_KEY"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--host=192.0.2.1",
        "--host=0.0.0.0 --public-url=http://h.example",
        "--host=127.0.0.1 --public-url=http://h.example",
        "--public-url=http://10.0.0.1:8080"
      })
  @Shows("S43")
  void keysDoNotGoReadableOverTheNetworkUnlessThatIsAccepted(String line) {
    String refusal = refusal(WITH_KEY, line.split(" "));

    assertTrue(refusal.contains("would have keys and captures go over the network readable"));
    assertTrue(refusal.contains("https:// address by --public-url"), refusal);
    assertTrue(refusal.endsWith("by --allow-http"), refusal);
  }

  @Test
  void loopbackByAnyOfItsNamesNeedsNeither() {
    for (String url :
        List.of(
            "http://localhost:8080",
            "http://hooks.localhost",
            "http://127.0.0.9",
            "http://[::1]:80",
            "https://localhost")) {
      assertEquals(url, reach(Map.of(), "--public-url=" + url + "/").url(8080));
    }
    assertEquals("http://[::1]:8080", reach(Map.of(), "--host=::1").url(8080));
    assertEquals("http://127.0.0.2:8080", reach(Map.of(), "--host=127.0.0.2").url(8080));
  }

  @Test
  void everyAddressAndAProxyNeedTheUrlThatSendersUse() {
    assertEquals(
        "--host stands for every address of this machine: say by --public-url which one senders"
            + " use, as https://hooks.example.com",
        refusal(WITH_KEY, "--host=0.0.0.0"));
    assertTrue(
        refusal(Map.of(), "--host=::")
            .endsWith(
                "as https://hooks.example.com, and name a key that making a hook needs by"
                    + " --creation-key-file"));
    assertEquals(
        "HOOKWELL_TRUSTED_PROXY puts a proxy in front: say by --public-url under which address it"
            + " is reached, as https://hooks.example.com",
        refusal(Map.of("HOOKWELL_TRUSTED_PROXY", "127.0.0.1")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hooks.example.com",
        "ftp://hooks.example.com",
        "https://",
        "https://u@hooks.example.com",
        "https://hooks.example.com/base",
        "https://hooks.example.com//",
        "https://hooks.example.com?a",
        "https://hooks.example.com#a",
        "https://a b"
      })
  void aPublicUrlIsSchemeAndHost(String url) {
    assertEquals(
        "--public-url must be scheme and host without a path, as https://hooks.example.com",
        refusal(WITH_KEY, "--public-url=" + url));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--host=0.0.0.0 --host=::1", "--host=:: --host=0.0.0.0"})
  void everyAddressIsNamedAlone(String line) {
    assertEquals(
        "--host 0.0.0.0 and :: each stand for every address of this machine: name one of them, and"
            + " no other",
        refusal(WITH_KEY, line.split(" ")));
  }

  @Test
  void metricsHaveAPortOfTheirOwn() {
    assertEquals(
        "--metrics-port is 8080, on which Hookwell itself listens: take another",
        refusal(Map.of(), "--metrics-port=8080"));
    assertEquals(
        "HOOKWELL_METRICS_PORT is 9000, on which Hookwell itself listens: take another",
        refusal(Map.of("HOOKWELL_METRICS_PORT", "9000"), "--port=9000"));
    assertEquals(reach(Map.of(), "--port=0", "--metrics-port=0").metricsPort(), Optional.of(0));
  }

  @ParameterizedTest
  @CsvSource({
    "--host=example.com, '--host must be an address, as 127.0.0.1, 0.0.0.0 or ::, not example.com'",
    "--host=1.2.3, '--host must be an address, as 127.0.0.1, 0.0.0.0 or ::, not 1.2.3'",
    "--trusted-proxy=proxy, '--trusted-proxy must be an address or a network, as 127.0.0.1 or"
        + " 10.0.0.0/8, not proxy'",
    "--trusted-proxy=10.0.0.0/x, '--trusted-proxy must be an address or a network, as 127.0.0.1 or"
        + " 10.0.0.0/8, not 10.0.0.0/x'",
    "--trusted-proxy=10.0.0.0/33, --trusted-proxy has more bits than an address: 10.0.0.0/33",
    "--trusted-proxy=0.0.0.0/0, '--trusted-proxy would believe everybody with 0.0.0.0/0: name the"
        + " proxy''s own address or network'",
    "--trusted-proxy=::/0, '--trusted-proxy would believe everybody with ::/0: name the proxy''s"
        + " own address or network'"
  })
  void anAddressIsOne(String option, String message) {
    assertEquals(message, refusal(WITH_KEY, option));
  }

  @Test
  @Shows("S43")
  void aKeyHas32CharactersAndIsInAFileThatOthersCannotRead() throws IOException {
    Path file = folder.resolve("key");
    String option = "--creation-key-file=" + file;
    assertEquals(
        "the file of --creation-key-file cannot be read: " + file, refusal(Map.of(), option));

    Files.writeString(file, KEY + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertEquals(
        "others on this machine can read or change the file of --creation-key-file: take that from"
            + " them (chmod o= "
            + file
            + ")",
        refusal(Map.of(), option));

    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertEquals(KEY, reach(Map.of(), option).creationKey().orElseThrow());
    // The option goes before the variable.
    assertEquals(
        KEY, reach(Map.of("HOOKWELL_CREATION_KEY", "short"), option).creationKey().orElseThrow());

    for (String weak : List.of(KEY.substring(1), KEY + " x", KEY + "é")) {
      Files.writeString(file, weak);
      assertEquals(
          "the key in the file of --creation-key-file must have 32 characters or more, of ASCII and"
              + " without a space: openssl rand -hex 32 makes one",
          refusal(Map.of(), option));
      assertEquals(
          "HOOKWELL_CREATION_KEY must have 32 characters or more, of ASCII and without a space:"
              + " openssl rand -hex 32 makes one",
          refusal(Map.of("HOOKWELL_CREATION_KEY", weak)));
    }
  }

  @Test
  void theKeyIsNotShownInText() {
    assertFalse(reach(WITH_KEY).toString().contains(KEY));
  }

  private static String refusal(Map<String, String> environment, String... options) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> reach(environment, options))
            .getMessage());
  }

  private static Reach reach(Map<String, String> environment, String... options) {
    return Reach.of(
        RunnerOptions.parse(
            Arrays.asList(options), environment, EnumSet.allOf(RunnerOption.class), ""),
        environment);
  }
}

package dev.hookwell.distribution;

import dev.hookwell.capture.Captures;
import dev.hookwell.capture.Events;
import dev.hookwell.deployment.functions.LambdaRuntime;
import dev.hookwell.deployment.functions.QueueStub;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Lets a function's package start and answer its first request as on Lambda, against a queue that
 * speaks TLS: the JVM records which classes were loaded, and later starts read that.
 */
final class FunctionTraining {
  private static final int MEMORY = 1769;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String ALIAS = "queue";

  /** The password of the file of the authorities that Java trusts. */
  private static final String PASSWORD = "changeit";

  private FunctionTraining() {}

  static void run(Path folder, Bootstrap bootstrap) throws Exception {
    Path scratch = folder.resolveSibling("function-training");
    Distribution.delete(scratch);
    Files.createDirectories(scratch);
    Path recorded = scratch.resolve("recorded");
    KeyStore keys = keys(scratch);
    Path trusted = trust(keys, folder, scratch);
    try (QueueStub queue = QueueStub.overTls(keys, PASSWORD.toCharArray());
        LambdaRuntime function =
            LambdaRuntime.startPackage(
                folder,
                bootstrap.command(
                    folder,
                    FunctionPackage.HANDLER,
                    MEMORY,
                    List.of(
                        "-Djavax.net.ssl.trustStore=" + trusted,
                        "-Djavax.net.ssl.trustStorePassword=" + PASSWORD,
                        "-XX:AOTMode=record",
                        "-XX:AOTConfiguration=" + recorded)),
                FunctionPackage.HANDLER,
                MEMORY,
                settings(queue))) {
      LambdaRuntime.Outcome outcome = function.invoke(event(), PATIENCE);
      if (!(outcome instanceof LambdaRuntime.Outcome.Answered answer)
          || !answer.json().contains("200")
          || function.output().contains("not-primed")) {
        throw new IOException("not trained: " + outcome + "\n" + function.output());
      }
      if (!function.stop(PATIENCE) || !Files.exists(recorded)) {
        throw new IOException(recorded + " was not written:\n" + function.output());
      }
    }
    create(folder, bootstrap, scratch, recorded);
    Distribution.delete(scratch);
  }

  private static void create(Path folder, Bootstrap bootstrap, Path scratch, Path recorded)
      throws IOException, InterruptedException {
    Path cache = folder.resolve(Bootstrap.CACHE);
    Path output = scratch.resolve("output");
    Process writer =
        new ProcessBuilder(
                bootstrap.command(
                    folder,
                    FunctionPackage.HANDLER,
                    MEMORY,
                    List.of(
                        "-XX:AOTMode=create",
                        "-XX:AOTConfiguration=" + recorded,
                        "-XX:AOTCache=" + cache)))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    Training.end(writer, output, cache);
  }

  /** A certificate of 127.0.0.1. */
  private static KeyStore keys(Path folder) throws Exception {
    Path keys = folder.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "san=ip:127.0.0.1",
                "-keystore",
                keys.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.log").toFile())
            .start();
    if (keytool.waitFor() != 0) {
      throw new IOException(Files.readString(folder.resolve("keytool.log")));
    }
    return KeyStore.getInstance(keys.toFile(), PASSWORD.toCharArray());
  }

  /** A trust store with all authorities that the package trusts, and that certificate. */
  private static Path trust(KeyStore keys, Path folder, Path scratch) throws Exception {
    Path trusted = scratch.resolve("trusted");
    KeyStore store =
        KeyStore.getInstance(
            folder.resolve("jre/lib/security/cacerts").toFile(), PASSWORD.toCharArray());
    store.setCertificateEntry(ALIAS, keys.getCertificate(ALIAS));
    try (OutputStream out = Files.newOutputStream(trusted)) {
      store.store(out, PASSWORD.toCharArray());
    }
    return trusted;
  }

  /** The template's settings. */
  private static Map<String, String> settings(QueueStub queue) {
    Map<String, String> settings = new HashMap<>();
    settings.put("QUEUE_URL", queue.queueUrl());
    settings.put("AWS_ENDPOINT_URL_SQS", queue.endpoint());
    settings.put("HOOK_KEYS", Captures.HOOK_KEYS);
    settings.put("ORIGIN_SECRETS", "");
    settings.put("BLOCKED_HOOKS", "");
    settings.put("HANDSHAKES", "on");
    settings.put("LARGE_BODIES", "off");
    settings.put("BODY_BUCKET", "bodies");
    return settings;
  }

  private static byte[] event() {
    return Events.event("POST", "/h/" + Captures.hook(1).text() + "/order")
        .header("content-type", "application/json")
        .text("{\"event\":\"paid\"}")
        .json()
        .getBytes(StandardCharsets.UTF_8);
  }
}

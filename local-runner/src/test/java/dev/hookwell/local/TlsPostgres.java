package dev.hookwell.local;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;

/** A PostgreSQL that proves itself, as the functions demand it of theirs. */
final class TlsPostgres implements AutoCloseable {
  private static final String PASSWORD = "changeit";

  private final EmbeddedPostgres server;
  private final Path certificate;

  private TlsPostgres(EmbeddedPostgres server, Path certificate) {
    this.server = server;
    this.certificate = certificate;
  }

  static TlsPostgres start(Path folder) throws Exception {
    Path store = folder.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "db",
                "-keyalg",
                "RSA",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.log").toFile())
            .start();
    if (keytool.waitFor() != 0) {
      throw new IOException(Files.readString(folder.resolve("keytool.log")));
    }
    Path certificate = folder.resolve("server.crt");
    Path key = folder.resolve("server.key");
    export(store, certificate, key);
    return new TlsPostgres(
        EmbeddedPostgres.builder()
            .setServerConfig("ssl", "on")
            .setServerConfig("ssl_cert_file", certificate.toString())
            .setServerConfig("ssl_key_file", key.toString())
            .setPGStartupWait(Duration.ofSeconds(60))
            .start(),
        certificate);
  }

  private static void export(Path store, Path certificate, Path key)
      throws GeneralSecurityException, IOException {
    KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    writePem(certificate, "CERTIFICATE", keys.getCertificate("db").getEncoded());
    writePem(key, "PRIVATE KEY", keys.getKey("db", PASSWORD.toCharArray()).getEncoded());
  }

  private static void writePem(Path file, String type, byte[] der) throws IOException {
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    Files.writeString(
        file, "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(type, base64, type));
  }

  /** As an operator's {@code DATABASE_URL} is: verified by the certificate that is named. */
  String databaseUrl() {
    return "postgresql://postgres@127.0.0.1:%d/postgres?sslmode=verify-full&sslrootcert=%s"
        .formatted(server.getPort(), certificate);
  }

  /** The same, verified by what the JVM trusts, which does not know this server. */
  String untrustedUrl() {
    return "postgresql://postgres@127.0.0.1:%d/postgres".formatted(server.getPort());
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}

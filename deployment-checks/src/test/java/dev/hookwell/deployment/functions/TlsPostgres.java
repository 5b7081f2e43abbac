package dev.hookwell.deployment.functions;

import dev.hookwell.acceptance.support.TlsFiles;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** A PostgreSQL that proves itself, as the functions demand it of theirs. */
final class TlsPostgres implements AutoCloseable {
  private final EmbeddedPostgres server;
  private final Path certificate;

  private TlsPostgres(EmbeddedPostgres server, Path certificate) {
    this.server = server;
    this.certificate = certificate;
  }

  static TlsPostgres start(Path folder) throws Exception {
    TlsFiles files = TlsFiles.make(folder);
    return new TlsPostgres(
        EmbeddedPostgres.builder()
            .setServerConfig("ssl", "on")
            .setServerConfig("ssl_cert_file", files.certificate().toString())
            .setServerConfig("ssl_key_file", files.key().toString())
            .setPGStartupWait(Duration.ofSeconds(60))
            .start(),
        files.certificate());
  }

  /** As an operator's {@code DATABASE_URL} is: verified by the certificate that is named. */
  String databaseUrl() {
    return "postgresql://postgres@127.0.0.1:%d/postgres?sslmode=verify-full&sslrootcert=%s"
        .formatted(server.getPort(), certificate);
  }

  /** The same, verified by the authorities that the JVM trusts, which do not know this server. */
  String untrustedUrl() {
    return "postgresql://postgres@127.0.0.1:%d/postgres".formatted(server.getPort());
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}

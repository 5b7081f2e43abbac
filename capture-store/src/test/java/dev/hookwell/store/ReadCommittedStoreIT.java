package dev.hookwell.store;

import org.junit.jupiter.api.extension.RegisterExtension;

/** PostgreSQL's default. */
final class ReadCommittedStoreIT extends CaptureStoreContract {
  @RegisterExtension static final PostgresServer POSTGRES = new PostgresServer();

  ReadCommittedStoreIT() {
    super(POSTGRES.freshSchema());
  }
}

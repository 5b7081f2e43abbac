package dev.hookwell.store;

import org.junit.jupiter.api.extension.RegisterExtension;

/** CockroachDB's default; most concurrent saves meet 40001 here and are tried again. */
final class SerializableStoreIT extends CaptureStoreContract {
  @RegisterExtension static final PostgresServer POSTGRES = new PostgresServer();

  SerializableStoreIT() {
    super(POSTGRES.freshSchema() + "&options=-c%20default_transaction_isolation%3Dserializable");
  }
}

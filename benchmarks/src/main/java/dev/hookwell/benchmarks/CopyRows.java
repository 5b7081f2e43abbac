package dev.hookwell.benchmarks;

import dev.hookwell.capture.Capture;
import dev.hookwell.capture.StoredHead;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** The reference: the same rows by binary COPY into the same table, numbered by the client. */
final class CopyRows {
  private static final String COPY =
      """
      COPY captures (hook_id, seq, capture_id, received_at, method, path, query, head, body_enc,
        body_size, body_sha256, body) FROM STDIN (FORMAT binary)
      """;

  private static final short COLUMNS = 12;
  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0
  };
  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

  private long seq;

  /** A batch in the format of COPY. Made before the time is taken: COPY itself is the reference. */
  byte[] encode(List<Capture> batch) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(2048 * batch.size());
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.write(SIGNATURE);
      out.writeInt(0);
      out.writeInt(0);
      for (Capture capture : batch) {
        out.writeShort(COLUMNS);
        write(out, capture.hook().uid().value());
        write(out, ++seq);
        write(out, capture.id());
        write(out, EPOCH.until(capture.receivedAt(), ChronoUnit.MICROS));
        write(out, capture.request().method().getBytes(StandardCharsets.UTF_8));
        write(out, capture.request().path().getBytes(StandardCharsets.UTF_8));
        write(out, capture.request().query().getBytes(StandardCharsets.UTF_8));
        write(out, StoredHead.of(capture).toBytes());
        out.writeInt(Integer.BYTES);
        out.writeInt(capture.body().encoding().code());
        write(out, capture.body().size());
        write(out, capture.body().sha256().toByteArray());
        write(out, capture.body().data().toByteArray());
      }
      out.writeShort(-1);
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory cannot fail", e);
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, byte[] value) throws IOException {
    out.writeInt(value.length);
    out.write(value);
  }

  private static void write(DataOutputStream out, long value) throws IOException {
    out.writeInt(Long.BYTES);
    out.writeLong(value);
  }

  private static void write(DataOutputStream out, UUID value) throws IOException {
    out.writeInt(2 * Long.BYTES);
    out.writeLong(value.getMostSignificantBits());
    out.writeLong(value.getLeastSignificantBits());
  }

  /** Stores a batch; in autocommit, a transaction of its own. */
  static long copy(Connection connection, byte[] batch) throws SQLException {
    CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(COPY);
    copy.writeToCopy(batch, 0, batch.length);
    return copy.endCopy();
  }
}

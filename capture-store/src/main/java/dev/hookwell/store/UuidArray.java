package dev.hookwell.store;

import java.nio.ByteBuffer;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.Oid;
import org.postgresql.jdbc.PgArray;

/**
 * UUIDs as PostgreSQL's binary array. The driver makes arrays of UUIDs as text, alone among the
 * types used here, and the server then reads 36 characters each: a tenth of the time a save takes.
 *
 * <p>The format is that of the server's array_send: dimensions, whether there are nulls, the
 * element's type, length and lower bound; then each element behind its length.
 */
final class UuidArray {
  private static final int HEADER = 5 * Integer.BYTES;
  private static final int UUID_LENGTH = 2 * Long.BYTES;

  private UuidArray() {}

  static Array of(Connection connection, List<UUID> uuids) throws SQLException {
    ByteBuffer array =
        ByteBuffer.allocate(HEADER + uuids.size() * (Integer.BYTES + UUID_LENGTH))
            .putInt(1)
            .putInt(0)
            .putInt(Oid.UUID)
            .putInt(uuids.size())
            .putInt(1);
    for (UUID uuid : uuids) {
      array
          .putInt(UUID_LENGTH)
          .putLong(uuid.getMostSignificantBits())
          .putLong(uuid.getLeastSignificantBits());
    }
    return new PgArray(connection.unwrap(BaseConnection.class), Oid.UUID_ARRAY, array.array());
  }
}

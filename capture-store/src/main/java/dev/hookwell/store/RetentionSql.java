package dev.hookwell.store;

/** The statements that make room, and that count what all hooks take; as {@link Sql} has others. */
final class RetentionSql {
  /** Until when, limit. */
  static final String DUE =
      """
      SELECT hook_id, expires_at, last_seq, floor_seq, swept_seq, stored_floor, due_at FROM hooks
      WHERE due_at <= ? ORDER BY due_at LIMIT ?
      """;

  /**
   * Now, hook, now. Behind those that are due already, so that one hook cannot keep them waiting.
   */
  static final String REQUEUE =
      """
      UPDATE hooks SET due_at = ?::TIMESTAMPTZ WHERE hook_id = ? AND due_at < ?::TIMESTAMPTZ
      """;

  /**
   * Hook, then the quotas in captures and bytes, hook, hook, the floor as read, rows to look at,
   * the last receipt that goes, now, hook. Moves the floor over the oldest rows while they are over
   * quota or so old; the excess is taken from the held row. The hook is due from then on, until it
   * is settled, so that what a run leaves unswept is found by the next. Answers the floor, how many
   * captures went, and how many bytes of rows.
   */
  static final String EVICT =
      Sql.HOLD
          + ";\n"
          + """
          WITH h AS (
            SELECT floor_seq, last_seq - evicted_count - deleted_count - ?::BIGINT AS many,
              available_bytes - ?::BIGINT AS much
            FROM hooks WHERE hook_id = ?
          ), oldest AS (
            SELECT seq, live, bytes, stored,
              sum(live) OVER (ORDER BY seq) - live AS many_before,
              sum(bytes) OVER (ORDER BY seq) - bytes AS much_before,
              max(received_at) OVER (ORDER BY seq) AS newest
            FROM (
              SELECT seq, received_at, CASE WHEN deleted_at IS NULL THEN 1 ELSE 0 END AS live,
                CASE WHEN deleted_at IS NULL THEN (BYTES) ELSE 0 END AS bytes,
                coalesce(stored_size, 0) AS stored
              FROM captures
              WHERE hook_id = ? AND seq > ? AND seq > (SELECT floor_seq FROM h)
              ORDER BY seq LIMIT ?) AS o
          ), gone AS (
            SELECT max(o.seq) AS floor, CAST(sum(o.live) AS BIGINT) AS n, CAST(sum(o.bytes) AS BIGINT) AS bytes,
              CAST(sum(o.stored) AS BIGINT) AS stored
            FROM oldest AS o CROSS JOIN h
            WHERE o.many_before < h.many OR o.much_before < h.much OR o.newest <= ?::TIMESTAMPTZ
          )
          UPDATE hooks SET floor_seq = g.floor, evicted_count = hooks.evicted_count + g.n,
            available_bytes = hooks.available_bytes - g.bytes, stored_bytes = hooks.stored_bytes - g.stored,
            stored_floor = hooks.stored_floor + g.floor - hooks.floor_seq,
            due_at = least(hooks.due_at, ?::TIMESTAMPTZ)
          FROM gone AS g WHERE hooks.hook_id = ? AND g.floor IS NOT NULL
          RETURNING hooks.floor_seq, g.n, g.stored
          """
              .replace("(BYTES)", Sql.KEPT_BYTES);

  /**
   * Hook, swept up to, floor, rows, hook, hook, hook. Rubbish goes, no counts are touched. Answers
   * up to where it looked, which is not what it deleted: another run may have deleted the same
   * rows, and would else make this one believe that nothing was left. No row when nothing was.
   */
  static final String SWEEP =
      """
      WITH rubbish AS (
        SELECT seq FROM captures WHERE hook_id = ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT ?
      ), gone AS (
        DELETE FROM captures WHERE hook_id = ? AND seq IN (SELECT seq FROM rubbish)
        RETURNING seq, capture_id, body_enc
      ), apart AS (
        DELETE FROM bodies WHERE hook_id = ? AND seq IN (SELECT seq FROM gone) RETURNING seq
      ), objects AS (
        UPDATE body_objects SET due_at = (AT_ONCE)
        WHERE hook_id = ? AND capture_id IN (SELECT capture_id FROM gone WHERE (OBJECT))
        RETURNING capture_id
      )
      SELECT max(seq), (SELECT count(*) FROM gone) FROM rubbish HAVING count(*) > 0
      """
          .replace("(AT_ONCE)", ObjectSql.AT_ONCE)
          .replace("(OBJECT)", ObjectSql.IS_OBJECT);

  /**
   * Hook, then swept up to (twice), the quotas in captures and bytes, hook, swept up to, a
   * capture's life in seconds, hook. Sets the next look: when the oldest capture left expires, or
   * the hook; unless somebody moved the floor or went over quota meanwhile, then as it was.
   */
  static final String SETTLE =
      Sql.HOLD
          + ";\n"
          + """
          UPDATE hooks SET
            swept_seq = greatest(swept_seq, ?::BIGINT),
            due_at = CASE
              WHEN floor_seq > ?::BIGINT OR last_seq - evicted_count - deleted_count > ?::BIGINT
                OR available_bytes > ?::BIGINT
              THEN due_at
              ELSE least(
                hooks.expires_at + INTERVAL '1 day',
                coalesce(
                  (SELECT c.received_at FROM captures AS c WHERE c.hook_id = ? AND c.seq > ?::BIGINT
                    ORDER BY c.seq LIMIT 1) + ?::BIGINT * INTERVAL '1 second',
                  hooks.expires_at + INTERVAL '1 day')) END
          WHERE hook_id = ?
          """;

  /**
   * Hook (four times). For a hook whose floor was moved by a version that leaves {@code
   * stored_bytes} as it was: counts it by the rows. Reads all rows of the hook. Answers by how much
   * it was too high.
   */
  static final String RECOUNT =
      Sql.HOLD
          + ";\n"
          + """
          WITH h AS (
            SELECT floor_seq, stored_bytes FROM hooks WHERE hook_id = ?
          ), kept AS (
            SELECT CAST(coalesce(sum(stored_size), 0) AS BIGINT) AS bytes FROM captures
            WHERE hook_id = ? AND seq > (SELECT floor_seq FROM h)
          )
          UPDATE hooks SET stored_bytes = k.bytes, stored_floor = hooks.floor_seq
          FROM h CROSS JOIN kept AS k WHERE hooks.hook_id = ?
          RETURNING h.stored_bytes - k.bytes
          """;

  /** Hook, now - 1 day. */
  static final String DROP_HOOK =
      """
      DELETE FROM hooks WHERE hook_id = ? AND expires_at < ?
        AND NOT EXISTS (SELECT 1 FROM captures AS c WHERE c.hook_id = hooks.hook_id)
      """;

  /** Next count, now. A row is answered when it is time to count, and then to one caller only. */
  static final String USAGE_CLAIM =
      """
      INSERT INTO store_usage (name, hook_rows, stored_bytes, next_at) VALUES ('all', 0, 0, ?::TIMESTAMPTZ)
      ON CONFLICT (name) DO UPDATE SET next_at = excluded.next_at WHERE store_usage.next_at <= ?::TIMESTAMPTZ
      RETURNING name
      """;

  /** Reads every hook's row: dear where there are many. */
  static final String USAGE_COUNT =
      """
      SELECT count(*), CAST(coalesce(sum(stored_bytes), 0) AS BIGINT) FROM hooks
      """;

  /** Rows, bytes, next count. */
  static final String USAGE_KEEP =
      """
      UPDATE store_usage SET hook_rows = ?::BIGINT, stored_bytes = ?::BIGINT, next_at = ?::TIMESTAMPTZ
      WHERE name = 'all'
      """;

  static final String USAGE_READ =
      """
      SELECT hook_rows, stored_bytes FROM store_usage WHERE name = 'all'
      """;

  private RetentionSql() {}
}

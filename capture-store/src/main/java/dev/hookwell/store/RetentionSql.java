package dev.hookwell.store;

/**
 * The statements that make room, and that count the totals of all hooks; {@link Sql} has others.
 */
final class RetentionSql {
  static final NamedStatement DUE =
      NamedStatement.of(
          """
          SELECT hook_id, expires_at, last_seq, floor_seq, swept_seq, stored_floor, due_at FROM hooks
          WHERE due_at <= :until ORDER BY due_at LIMIT :limit
          """);

  /** Behind those that are due already, so that one hook cannot keep them waiting. */
  static final NamedStatement REQUEUE =
      NamedStatement.of(
          """
          UPDATE hooks SET due_at = :now::TIMESTAMPTZ WHERE hook_id = :hook AND due_at < :now::TIMESTAMPTZ
          """);

  /**
   * Moves the floor, as it was read, over the oldest rows while they are over quota or received
   * until then, and looks at so many rows at most; the excess is taken from the held row. The hook
   * is due from then on, until it is settled, so that the next run finds the rows that this one
   * leaves unswept. Answers the floor, how many captures went, and how many bytes of rows.
   */
  static final NamedStatement EVICT =
      Sql.HOLD.then(
          """
          WITH h AS (
            SELECT floor_seq, last_seq - evicted_count - deleted_count - :most_captures::BIGINT AS many,
              available_bytes - :most_bytes::BIGINT AS much
            FROM hooks WHERE hook_id = :hook
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
              WHERE hook_id = :hook AND seq > :floor AND seq > (SELECT floor_seq FROM h)
              ORDER BY seq LIMIT :limit) AS o
          ), gone AS (
            SELECT max(o.seq) AS floor, CAST(sum(o.live) AS BIGINT) AS n, CAST(sum(o.bytes) AS BIGINT) AS bytes,
              CAST(sum(o.stored) AS BIGINT) AS stored
            FROM oldest AS o CROSS JOIN h
            WHERE o.many_before < h.many OR o.much_before < h.much OR o.newest <= :received_until::TIMESTAMPTZ
          )
          UPDATE hooks SET floor_seq = g.floor, evicted_count = hooks.evicted_count + g.n,
            available_bytes = hooks.available_bytes - g.bytes, stored_bytes = hooks.stored_bytes - g.stored,
            stored_floor = hooks.stored_floor + g.floor - hooks.floor_seq,
            due_at = least(hooks.due_at, :now::TIMESTAMPTZ)
          FROM gone AS g WHERE hooks.hook_id = :hook AND g.floor IS NOT NULL
          RETURNING hooks.floor_seq, g.n, g.stored
          """
              .replace("(BYTES)", Sql.KEPT_BYTES));

  /**
   * Deletes rubbish, and touches no counts. The result is the last number that it looked at, not
   * the last that it deleted: another run may have deleted the same rows, and this one would
   * believe that none was left. It has no row when none was left.
   */
  static final NamedStatement SWEEP =
      NamedStatement.of(
          """
          WITH rubbish AS (
            SELECT seq FROM captures WHERE hook_id = :hook AND seq > :swept AND seq <= :floor ORDER BY seq LIMIT :limit
          ), gone AS (
            DELETE FROM captures WHERE hook_id = :hook AND seq IN (SELECT seq FROM rubbish)
            RETURNING seq, capture_id, body_enc
          ), apart AS (
            DELETE FROM bodies WHERE hook_id = :hook AND seq IN (SELECT seq FROM gone) RETURNING seq
          ), objects AS (
            UPDATE body_objects SET due_at = (AT_ONCE)
            WHERE hook_id = :hook AND capture_id IN (SELECT capture_id FROM gone WHERE (OBJECT))
            RETURNING capture_id
          )
          SELECT max(seq) AS seq, (SELECT count(*) FROM gone) AS n FROM rubbish HAVING count(*) > 0
          """
              .replace("(AT_ONCE)", ObjectSql.AT_ONCE)
              .replace("(OBJECT)", ObjectSql.IS_OBJECT));

  /**
   * Sets the next look: when the oldest capture left expires, or the hook; unless somebody moved
   * the floor or went over quota meanwhile, then as it was.
   */
  static final NamedStatement SETTLE =
      Sql.HOLD.then(
          """
          UPDATE hooks SET
            swept_seq = greatest(swept_seq, :swept::BIGINT),
            due_at = CASE
              WHEN floor_seq > :swept::BIGINT OR last_seq - evicted_count - deleted_count > :most_captures::BIGINT
                OR available_bytes > :most_bytes::BIGINT
              THEN due_at
              ELSE least(
                hooks.expires_at + INTERVAL '1 day',
                coalesce(
                  (SELECT c.received_at FROM captures AS c WHERE c.hook_id = :hook AND c.seq > :swept::BIGINT
                    ORDER BY c.seq LIMIT 1) + :life::BIGINT * INTERVAL '1 second',
                  hooks.expires_at + INTERVAL '1 day')) END
          WHERE hook_id = :hook
          """);

  /**
   * For a hook whose floor was moved by a version that leaves {@code stored_bytes} as it was:
   * counts it by the rows. Reads all rows of the hook. Answers by how much it was too high.
   */
  static final NamedStatement RECOUNT =
      Sql.HOLD.then(
          """
          WITH h AS (
            SELECT floor_seq, stored_bytes FROM hooks WHERE hook_id = :hook
          ), kept AS (
            SELECT CAST(coalesce(sum(stored_size), 0) AS BIGINT) AS bytes FROM captures
            WHERE hook_id = :hook AND seq > (SELECT floor_seq FROM h)
          )
          UPDATE hooks SET stored_bytes = k.bytes, stored_floor = hooks.floor_seq
          FROM h CROSS JOIN kept AS k WHERE hooks.hook_id = :hook
          RETURNING h.stored_bytes - k.bytes AS excess
          """);

  static final NamedStatement DROP_HOOK =
      NamedStatement.of(
          """
          DELETE FROM hooks WHERE hook_id = :hook AND expires_at < :ended_before
            AND NOT EXISTS (SELECT 1 FROM captures AS c WHERE c.hook_id = hooks.hook_id)
          """);

  /** A row is answered when it is time to count, and then to one caller only. */
  static final NamedStatement USAGE_CLAIM =
      NamedStatement.of(
          """
          INSERT INTO store_usage (name, hook_rows, stored_bytes, next_at) VALUES ('all', 0, 0, :next::TIMESTAMPTZ)
          ON CONFLICT (name) DO UPDATE SET next_at = excluded.next_at WHERE store_usage.next_at <= :now::TIMESTAMPTZ
          RETURNING name
          """);

  /** Reads every hook's row: dear where there are many. */
  static final NamedStatement USAGE_COUNT =
      NamedStatement.of(
          """
          SELECT count(*) AS hook_rows, CAST(coalesce(sum(stored_bytes), 0) AS BIGINT) AS stored_bytes FROM hooks
          """);

  static final NamedStatement USAGE_KEEP =
      NamedStatement.of(
          """
          UPDATE store_usage SET hook_rows = :hook_rows::BIGINT, stored_bytes = :stored_bytes::BIGINT, next_at = :next::TIMESTAMPTZ
          WHERE name = 'all'
          """);

  static final NamedStatement USAGE_READ =
      NamedStatement.of(
          """
          SELECT hook_rows, stored_bytes FROM store_usage WHERE name = 'all'
          """);

  private RetentionSql() {}
}

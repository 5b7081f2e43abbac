package dev.hookwell.store;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The statements of this module but the schema's and {@link RetentionSql}'s, in the SQL that
 * PostgreSQL and CockroachDB share. Always: {@code available = last_seq - evicted_count -
 * deleted_count}. A capture is visible while {@code seq > floor_seq}, {@code deleted_at IS NULL}
 * and it has not expired; rows at or below the floor are rubbish. A statement that changes counts
 * locks the hook's row first.
 */
final class Sql {
  /** Whether a hook takes all captures of a save, of which the first was received then. */
  private static final String FITS =
      "(hooks.deleted_at IS NULL AND (hooks.cleared_at IS NULL OR hooks.cleared_at <"
          + " :first::TIMESTAMPTZ))";

  /**
   * Numbers, counts and saves captures, all of a hook or none. Each hook's row is held first, by an
   * upsert from VALUES without a WHERE, since only so does CockroachDB lock a row before it reads
   * it; sorted by hook, or writers would deadlock. A hook that was deleted, or cleared since the
   * first of the captures was received, takes none. A capture that is there already is a clash
   * (23505), which undoes all: duplicates are rare, and looked for only then.
   *
   * <p>The arrays are unpacked in the select list, row by row: in FROM each would be written aside
   * first. Times of receipt are microseconds since 1970, exact in both databases until 2255.
   * Nothing reads what the inserts return, but CockroachDB takes none in a WITH that returns
   * nothing.
   */
  private static final String SAVE =
      """
      WITH held AS (
        INSERT INTO hooks (hook_id, expires_at, last_seq, floor_seq, swept_seq, evicted_count, deleted_count,
          dropped_count, available_bytes, stored_bytes, due_at)
        VALUES (HOOKS)
        ON CONFLICT (hook_id) DO UPDATE SET
          last_seq = hooks.last_seq + CASE WHEN (FITS) THEN excluded.last_seq ELSE 0 END,
          available_bytes = hooks.available_bytes + CASE WHEN (FITS) THEN excluded.available_bytes ELSE 0 END,
          stored_bytes = hooks.stored_bytes + CASE WHEN (FITS) THEN excluded.stored_bytes ELSE 0 END,
          due_at = CASE
            WHEN hooks.due_at > :now::TIMESTAMPTZ
              AND (hooks.last_seq + excluded.last_seq - hooks.evicted_count - hooks.deleted_count > :most_captures::BIGINT
                OR hooks.available_bytes + excluded.available_bytes > :most_bytes::BIGINT)
            THEN :now::TIMESTAMPTZ
            ELSE least(hooks.due_at, excluded.due_at) END
        RETURNING hook_id, last_seq, (FITS) AS fits
      ), fresh AS (
        SELECT h.hook_id, h.last_seq - i.after AS seq, i.capture_id,
          TIMESTAMPTZ '1970-01-01 00:00:00+00' + i.received * INTERVAL '1 microsecond' AS received_at,
          i.method, i.path, i.query, i.head, i.body_enc, i.body_size, i.body_sha256, i.stored_size, i.body(LARGE)
        FROM (
          SELECT unnest(:hooks::UUID[]) AS hook_id, unnest(:after::BIGINT[]) AS after, unnest(:ids::UUID[]) AS capture_id,
            unnest(:received::BIGINT[]) AS received, unnest(:methods::BYTEA[]) AS method, unnest(:paths::BYTEA[]) AS path,
            unnest(:queries::BYTEA[]) AS query, unnest(:heads::BYTEA[]) AS head, unnest(:encodings::INT4[]) AS body_enc,
            unnest(:sizes::BIGINT[]) AS body_size, unnest(:sha256s::BYTEA[]) AS body_sha256, unnest(:stored_sizes::BIGINT[]) AS stored_size,
            unnest(:data::BYTEA[]) AS body(ARRAY)
        ) AS i
        JOIN held AS h ON h.hook_id = i.hook_id
        WHERE h.fits
      ), stored AS (
        INSERT INTO captures (hook_id, seq, capture_id, received_at, method, path, query, head, body_enc,
          body_size, body_sha256, stored_size, body)
        SELECT hook_id, seq, capture_id, received_at, method, path, query, head, body_enc, body_size,
          body_sha256, stored_size, body
        FROM fresh
        RETURNING seq
      )(APART)(OBJECTS)
      SELECT hook_id FROM held WHERE fits
      """;

  /** How many captures, their bodies' bytes, all that they take, and the next look at the hook. */
  private static final String SAVE_HOOK =
      "(:hook::UUID, :end::TIMESTAMPTZ, :count::BIGINT, 0, 0, 0, 0, 0, :bytes::BIGINT, :stored::BIGINT, :due::TIMESTAMPTZ)";

  /** The bytes that a row's body adds to its hook's; see the migration of stored_size. */
  static final String KEPT_BYTES =
      "CASE WHEN body_enc = 0 AND stored_size IS NOT NULL THEN 0 ELSE body_size END";

  /** A further array: bodies apart from their row; null where the body is in its own. */
  private static final String SAVE_LARGE = ", unnest(:large_data::BYTEA[]) AS large";

  private static final String SAVE_APART =
      """
      , apart AS (
        INSERT INTO bodies (hook_id, seq, body)
        SELECT hook_id, seq, large FROM fresh WHERE large IS NOT NULL
        RETURNING seq
      )\
      """;

  /**
   * Why captures could not be saved: the positions of those that are there, deleted ones too and
   * those whose object is remembered; and of those which are not, and which their hook's owner
   * wants gone.
   */
  static final NamedStatement REFUSED =
      NamedStatement.of(
          """
          SELECT i.ord, c.capture_id IS NOT NULL OR o.capture_id IS NOT NULL AS stored
          FROM (
            SELECT unnest(:positions::BIGINT[]) AS ord, unnest(:hooks::UUID[]) AS hook_id, unnest(:ids::UUID[]) AS capture_id,
              unnest(:received::BIGINT[]) AS received
          ) AS i
          LEFT JOIN captures AS c ON c.hook_id = i.hook_id AND c.capture_id = i.capture_id
          LEFT JOIN body_objects AS o ON o.hook_id = i.hook_id AND o.capture_id = i.capture_id
          LEFT JOIN hooks AS h ON h.hook_id = i.hook_id
          WHERE c.capture_id IS NOT NULL OR o.capture_id IS NOT NULL OR h.deleted_at IS NOT NULL
            OR h.cleared_at >= TIMESTAMPTZ '1970-01-01 00:00:00+00' + i.received * INTERVAL '1 microsecond'
          """);

  /**
   * How many captures came for deleted hooks. The rows are held in the order of the hooks, as a
   * save does.
   */
  static final NamedStatement COUNT_DROPPED =
      NamedStatement.of(
              """
              SELECT hook_id FROM hooks WHERE hook_id = ANY (:dropped_hooks::UUID[]) ORDER BY hook_id FOR UPDATE
              """)
          .then(
              """
              UPDATE hooks SET dropped_count = hooks.dropped_count + i.dropped
              FROM (SELECT unnest(:dropped_hooks::UUID[]) AS hook_id, unnest(:dropped::BIGINT[]) AS dropped) AS i
              WHERE hooks.hook_id = i.hook_id AND hooks.deleted_at IS NOT NULL
              """);

  static final NamedStatement READ_HOOK =
      NamedStatement.of(
          """
          SELECT expires_at, last_seq, floor_seq, evicted_count, deleted_count, dropped_count,
            available_bytes, cleared_at, deleted_at
          FROM hooks WHERE hook_id = :hook
          """);

  /**
   * Captures as a list shows them, as many as fit: (WHICH) and (ORDER) say which and in what order.
   * A row is left out when the rows before it have so many bytes already: heads are not read for
   * nothing. Each row has the number of captures found, and the first receipt among them.
   */
  private static final String LIST =
      """
      SELECT seq, capture_id, received_at, stored_at, method, path, query, head, body_enc, body_size,
        body_sha256, found, oldest
      FROM (
        SELECT l.*, count(*) OVER () AS found, min(received_at) OVER () AS oldest,
          sum(size) OVER (ORDER BY (ORDER)) - size AS size_before
        FROM (
          SELECT seq, capture_id, received_at, stored_at, method, path, query, head, body_enc, body_size,
            body_sha256,
            octet_length(method) + octet_length(path) + octet_length(query) + octet_length(head) AS size
          FROM captures
          WHERE hook_id = :hook AND seq > :after AND (WHICH)deleted_at IS NULL AND received_at > :oldest
          ORDER BY (ORDER) LIMIT :limit) AS l
      ) AS w
      WHERE size_before < :bytes::BIGINT ORDER BY (ORDER)
      """;

  static final NamedStatement LIST_AFTER =
      NamedStatement.of(LIST.replace("(WHICH)", "").replace("(ORDER)", "seq"));

  static final NamedStatement LIST_BEFORE =
      NamedStatement.of(
          LIST.replace("(WHICH)", "seq < :before AND ").replace("(ORDER)", "seq DESC"));

  static final NamedStatement FIRST_SEQ =
      NamedStatement.of(
          """
          SELECT seq FROM captures
          WHERE hook_id = :hook AND seq > :floor AND deleted_at IS NULL AND received_at > :oldest
          ORDER BY seq LIMIT 1
          """);

  static final NamedStatement FIND_SEQ =
      NamedStatement.of(
          """
          SELECT seq FROM captures WHERE hook_id = :hook AND capture_id = :id
          """);

  static final NamedStatement READ_BODIES =
      NamedStatement.of(
          """
          SELECT c.seq, c.body_enc, c.body_size, c.body_sha256, coalesce(c.body, b.body) AS body
          FROM captures AS c LEFT JOIN bodies AS b ON b.hook_id = c.hook_id AND b.seq = c.seq
          WHERE c.hook_id = :hook AND c.seq > :floor AND c.deleted_at IS NULL AND c.received_at > :oldest
            AND c.seq = ANY (:seqs::BIGINT[])
          """);

  static final NamedStatement HOLD =
      NamedStatement.of(
          """
          SELECT hook_id FROM hooks WHERE hook_id = :hook FOR UPDATE
          """);

  /** The row stays, emptied, so that a duplicate cannot bring the capture back. */
  static final NamedStatement DELETE_ONE =
      HOLD.then(
          """
          WITH target AS (
            SELECT hook_id, seq, capture_id, body_enc, (BYTES) AS bytes, stored_size FROM captures
            WHERE hook_id = :hook AND seq = :seq AND deleted_at IS NULL
              AND seq > (SELECT floor_seq FROM hooks WHERE hook_id = :hook)
          ), gone AS (
            UPDATE captures SET deleted_at = now(), method = ''::BYTEA, path = ''::BYTEA, query = ''::BYTEA,
              head = ''::BYTEA, body_enc = 0, body_sha256 = ''::BYTEA, body = NULL,
              stored_size = CASE WHEN stored_size IS NULL THEN NULL ELSE :emptied::BIGINT END
            WHERE hook_id = :hook AND seq IN (SELECT seq FROM target)
            RETURNING seq, stored_size
          ), apart AS (
            DELETE FROM bodies WHERE hook_id = :hook AND seq = :seq RETURNING seq
          ), objects AS (
            UPDATE body_objects SET due_at = (AT_ONCE)
            WHERE hook_id = :hook AND capture_id IN (SELECT capture_id FROM target WHERE (OBJECT))
            RETURNING capture_id
          )
          UPDATE hooks SET deleted_count = hooks.deleted_count + 1,
            available_bytes = hooks.available_bytes - t.bytes,
            stored_bytes = hooks.stored_bytes - coalesce(t.stored_size - g.stored_size, 0)
          FROM target AS t JOIN gone AS g ON g.seq = t.seq
          WHERE hooks.hook_id = t.hook_id RETURNING hooks.deleted_count
          """
              .replace("(BYTES)", KEPT_BYTES)
              .replace("(AT_ONCE)", ObjectSql.AT_ONCE)
              .replace("(OBJECT)", ObjectSql.IS_OBJECT));

  /** Writes one row, however many captures there are. */
  static final NamedStatement CLEAR =
      NamedStatement.of(
          """
          INSERT INTO hooks (hook_id, expires_at, last_seq, floor_seq, swept_seq, evicted_count, deleted_count,
            dropped_count, available_bytes, cleared_at, due_at)
          VALUES (:hook::UUID, :end::TIMESTAMPTZ, 0, 0, 0, 0, 0, 0, 0, :at::TIMESTAMPTZ, :at::TIMESTAMPTZ)
          ON CONFLICT (hook_id) DO UPDATE SET
            deleted_count = hooks.last_seq - hooks.evicted_count,
            floor_seq = hooks.last_seq,
            available_bytes = 0,
            stored_bytes = 0,
            stored_floor = hooks.last_seq,
            cleared_at = greatest(coalesce(hooks.cleared_at, excluded.cleared_at), excluded.cleared_at),
            due_at = least(hooks.due_at, excluded.due_at)
          RETURNING deleted_count
          """);

  /** Its script goes with it. */
  static final NamedStatement DELETE_HOOK =
      ScriptSql.DELETE.then(
          """
          INSERT INTO hooks (hook_id, expires_at, last_seq, floor_seq, swept_seq, evicted_count, deleted_count,
            dropped_count, available_bytes, deleted_at, due_at)
          VALUES (:hook::UUID, :end::TIMESTAMPTZ, 0, 0, 0, 0, 0, 0, 0, :at::TIMESTAMPTZ, :at::TIMESTAMPTZ)
          ON CONFLICT (hook_id) DO UPDATE SET
            deleted_count = hooks.last_seq - hooks.evicted_count,
            floor_seq = hooks.last_seq,
            available_bytes = 0,
            stored_bytes = 0,
            stored_floor = hooks.last_seq,
            deleted_at = coalesce(hooks.deleted_at, excluded.deleted_at),
            due_at = least(hooks.due_at, excluded.due_at)
          RETURNING deleted_count
          """);

  static final NamedStatement SCHEMA_LEASE =
      NamedStatement.of(
          """
          CREATE TABLE IF NOT EXISTS schema_lease (
            name VARCHAR(40) NOT NULL PRIMARY KEY,
            holder UUID NOT NULL,
            expires_at TIMESTAMPTZ NOT NULL)
          """);

  static final NamedStatement SCHEMA_HISTORY =
      NamedStatement.of(
          """
          CREATE TABLE IF NOT EXISTS schema_history (
            version INT4 NOT NULL PRIMARY KEY,
            name VARCHAR(80) NOT NULL,
            done_at TIMESTAMPTZ NOT NULL DEFAULT now())
          """);

  /** Takes or renews; no row is answered while another holds it. */
  static final NamedStatement LEASE_TAKE =
      NamedStatement.of(
          """
          INSERT INTO schema_lease (name, holder, expires_at)
          VALUES ('migration', :holder::UUID, now() + :millis::BIGINT * INTERVAL '1 millisecond')
          ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
          WHERE schema_lease.expires_at < now() OR schema_lease.holder = excluded.holder
          RETURNING holder
          """);

  static final NamedStatement LEASE_GIVE =
      NamedStatement.of(
          """
          DELETE FROM schema_lease WHERE name = 'migration' AND holder = :holder
          """);

  static final NamedStatement HISTORY_READ =
      NamedStatement.of(
          """
          SELECT version FROM schema_history
          """);

  static final NamedStatement HISTORY_ADD =
      NamedStatement.of(
          """
          INSERT INTO schema_history (version, name) VALUES (:version, :name) ON CONFLICT (version) DO NOTHING
          """);

  /** The server of a connection, its isolation, and the schema of its tables. */
  static final NamedStatement WHERE_AM_I =
      NamedStatement.of(
          """
          SELECT version() AS version, current_setting('transaction_isolation') AS isolation,
            current_schema() AS schema_name
          """);

  /** The change by which {@link ScratchSchema} meets a conflict. */
  static final NamedStatement SET_DROPPED =
      NamedStatement.of(
          """
          UPDATE hooks SET dropped_count = :dropped WHERE hook_id = :hook
          """);

  private Sql() {}

  /** A schema's name cannot be a parameter; this one is made of hexadecimal digits. */
  static NamedStatement createSchema(String name) {
    return NamedStatement.of("CREATE SCHEMA " + name);
  }

  static NamedStatement dropSchema(String name) {
    return NamedStatement.of("DROP SCHEMA IF EXISTS " + name + " CASCADE");
  }

  /**
   * {@link #SAVE}.
   *
   * @param hooks of how many hooks
   * @param large whether some have a body that is kept apart; to look for them costs a copy of all
   * @param objects whether some have a body that is an object
   */
  static NamedStatement save(int hooks, boolean large, boolean objects) {
    return NamedStatement.of(
        SAVE.replace("(HOOKS)", String.join(",\n    ", Collections.nCopies(hooks, SAVE_HOOK)))
            .replace("(FITS)", FITS)
            .replace("(LARGE)", large ? ", i.large" : "")
            .replace("(ARRAY)", large ? SAVE_LARGE : "")
            .replace("(APART)", large ? SAVE_APART : "")
            .replace("(OBJECTS)", objects ? ObjectSql.SAVE : ""));
  }

  /** Every statement that this module ever sends, by name. */
  static Map<String, NamedStatement> all() {
    Map<String, NamedStatement> all = new LinkedHashMap<>();
    all.put("schema_lease", SCHEMA_LEASE);
    all.put("schema_history", SCHEMA_HISTORY);
    all.put("lease_take", LEASE_TAKE);
    all.put("lease_give", LEASE_GIVE);
    all.put("history_read", HISTORY_READ);
    all.put("history_add", HISTORY_ADD);
    for (Migration migration : Migration.ALL) {
      all.put(migration.name(), migration.statement());
    }
    all.put("save_1_hook", save(1, false, false));
    all.put("save_4_hooks", save(4, false, false));
    all.put("save_large", save(1, true, false));
    all.put("save_objects", save(1, false, true));
    all.put("save_large_and_objects", save(1, true, true));
    all.put("add_gone_objects", ObjectSql.ADD_GONE);
    all.put("refused", REFUSED);
    all.put("count_dropped", COUNT_DROPPED);
    all.put("read_hook", READ_HOOK);
    all.put("list_after", LIST_AFTER);
    all.put("list_before", LIST_BEFORE);
    all.put("first_seq", FIRST_SEQ);
    all.put("find_seq", FIND_SEQ);
    all.put("read_bodies", READ_BODIES);
    all.put("delete_one", DELETE_ONE);
    all.put("clear", CLEAR);
    all.put("delete_hook", DELETE_HOOK);
    all.put("due", RetentionSql.DUE);
    all.put("requeue", RetentionSql.REQUEUE);
    all.put("evict", RetentionSql.EVICT);
    all.put("sweep", RetentionSql.SWEEP);
    all.put("recount", RetentionSql.RECOUNT);
    all.put("settle", RetentionSql.SETTLE);
    all.put("drop_hook", RetentionSql.DROP_HOOK);
    all.put("due_objects", ObjectSql.DUE);
    all.put("postpone_objects", ObjectSql.POSTPONE);
    all.put("forget_objects", ObjectSql.FORGET);
    all.put("known_objects", ObjectSql.KNOWN);
    all.put("store_made_at", ObjectSql.STORE_MADE_AT);
    all.put("usage_claim", RetentionSql.USAGE_CLAIM);
    all.put("usage_count", RetentionSql.USAGE_COUNT);
    all.put("usage_keep", RetentionSql.USAGE_KEEP);
    all.put("usage_read", RetentionSql.USAGE_READ);
    all.put("script_put", ScriptSql.PUT);
    all.put("script_read", ScriptSql.READ);
    all.put("script_claim", ScriptSql.CLAIM);
    all.put("script_use", ScriptSql.USE);
    all.put("script_restart", ScriptSql.RESTART);
    all.put("script_delete", ScriptSql.DELETE);
    all.put("script_sweep", ScriptSql.SWEEP);
    all.put("where_am_i", WHERE_AM_I);
    all.put("set_dropped", SET_DROPPED);
    all.put("create_schema", createSchema("hookwell_check_0a"));
    all.put("drop_schema", dropSchema("hookwell_check_0a"));
    return Collections.unmodifiableMap(all);
  }
}

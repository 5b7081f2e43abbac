package dev.hookwell.store;

import dev.hookwell.capture.BodyEncoding;

/** The statements about bodies that lie apart, as objects; as {@link Sql} has others. */
final class ObjectSql {
  /** Which rows point to an object. */
  static final String IS_OBJECT = "body_enc = " + BodyEncoding.OBJECT.code();

  /** When retention has to look at an object whose row went: at once, by any clock. */
  static final String AT_ONCE = "TIMESTAMPTZ '1970-01-01 00:00:00+00'";

  /**
   * What remembers an object, once and for as long as its capture could come again: a repeat, after
   * the row was swept, is a clash too.
   */
  static final String SAVE =
      """
      , objects AS (
        INSERT INTO body_objects (hook_id, capture_id, received_at, due_at)
        SELECT hook_id, capture_id, received_at, received_at + ?::BIGINT * INTERVAL '1 second'
        FROM fresh WHERE (OBJECT)
        RETURNING capture_id
      )\
      """
          .replace("(OBJECT)", IS_OBJECT);

  /**
   * Objects of captures that are not stored, as hooks, captures and times of receipt: to be deleted
   * at once. One that is remembered already stays as it is.
   */
  static final String ADD_GONE =
      """
      INSERT INTO body_objects (hook_id, capture_id, received_at, due_at)
      SELECT i.hook_id, i.capture_id,
        TIMESTAMPTZ '1970-01-01 00:00:00+00' + i.received * INTERVAL '1 microsecond', (AT_ONCE)
      FROM (
        SELECT unnest(?::UUID[]) AS hook_id, unnest(?::UUID[]) AS capture_id, unnest(?::BIGINT[]) AS received
      ) AS i
      ON CONFLICT (hook_id, capture_id) DO NOTHING
      """
          .replace("(AT_ONCE)", AT_ONCE);

  /** Now, limit. Objects to look at, and whether a row still points to each. */
  static final String DUE =
      """
      SELECT o.hook_id, o.capture_id, o.received_at, c.capture_id IS NOT NULL
      FROM body_objects AS o
      LEFT JOIN captures AS c
        ON c.hook_id = o.hook_id AND c.capture_id = o.capture_id AND c.(OBJECT)
      WHERE o.due_at <= ? ORDER BY o.due_at LIMIT ?
      """
          .replace("(OBJECT)", IS_OBJECT);

  /** Hooks, captures, microseconds since 1970: when to look at each again. */
  static final String POSTPONE =
      """
      UPDATE body_objects SET
        due_at = TIMESTAMPTZ '1970-01-01 00:00:00+00' + i.due * INTERVAL '1 microsecond'
      FROM (
        SELECT unnest(?::UUID[]) AS hook_id, unnest(?::UUID[]) AS capture_id, unnest(?::BIGINT[]) AS due
      ) AS i
      WHERE body_objects.hook_id = i.hook_id AND body_objects.capture_id = i.capture_id
      """;

  /** Hooks, captures: no message can hold any of them any more. */
  static final String FORGET =
      """
      DELETE FROM body_objects WHERE (hook_id, capture_id) IN (
        SELECT i.hook_id, i.capture_id
        FROM (SELECT unnest(?::UUID[]) AS hook_id, unnest(?::UUID[]) AS capture_id) AS i)
      """;

  /** Hooks, captures: those of which there is a row, or was until lately. */
  static final String KNOWN =
      """
      SELECT i.hook_id, i.capture_id
      FROM (SELECT unnest(?::UUID[]) AS hook_id, unnest(?::UUID[]) AS capture_id) AS i
      WHERE EXISTS (
          SELECT 1 FROM body_objects AS o WHERE o.hook_id = i.hook_id AND o.capture_id = i.capture_id)
        OR EXISTS (
          SELECT 1 FROM captures AS c WHERE c.hook_id = i.hook_id AND c.capture_id = i.capture_id)
      """;

  /** When the store was made: the time of its first change. */
  static final String STORE_MADE_AT =
      """
      SELECT min(done_at) FROM schema_history
      """;

  private ObjectSql() {}
}

package dev.hookwell.store;

import dev.hookwell.capture.BodyEncoding;
import dev.hookwell.capture.HookUid;
import dev.hookwell.capture.ObjectKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.UUID;

/** The statements about bodies that lie apart, as objects; as {@link Sql} has others. */
final class ObjectSql {
  /** Which rows point to an object. */
  static final String IS_OBJECT = "body_enc = " + BodyEncoding.OBJECT.code();

  /** When retention has to look at an object whose row went: at once, by any clock. */
  static final String AT_ONCE = "TIMESTAMPTZ '1970-01-01 00:00:00+00'";

  /**
   * Adds the row that remembers an object, once and for as long as its capture could come again: a
   * duplicate, after the row was swept, is a clash too.
   */
  static final String SAVE =
      """
      , objects AS (
        INSERT INTO body_objects (hook_id, capture_id, received_at, due_at)
        SELECT hook_id, capture_id, received_at, received_at + :life::BIGINT * INTERVAL '1 second'
        FROM fresh WHERE (OBJECT)
        RETURNING capture_id
      )\
      """
          .replace("(OBJECT)", IS_OBJECT);

  /**
   * Objects of captures that are not stored: to be deleted at once. One that is remembered already
   * stays as it is.
   */
  static final NamedStatement ADD_GONE =
      NamedStatement.of(
          """
          INSERT INTO body_objects (hook_id, capture_id, received_at, due_at)
          SELECT i.hook_id, i.capture_id,
            TIMESTAMPTZ '1970-01-01 00:00:00+00' + i.received * INTERVAL '1 microsecond', (AT_ONCE)
          FROM (
            SELECT unnest(:gone_hooks::UUID[]) AS hook_id, unnest(:gone_ids::UUID[]) AS capture_id, unnest(:gone_received::BIGINT[]) AS received
          ) AS i
          ON CONFLICT (hook_id, capture_id) DO NOTHING
          """
              .replace("(AT_ONCE)", AT_ONCE));

  /** Objects to look at, and whether a row still points to each. */
  static final NamedStatement DUE =
      NamedStatement.of(
          """
          SELECT o.hook_id, o.capture_id, o.received_at, c.capture_id IS NOT NULL AS held
          FROM body_objects AS o
          LEFT JOIN captures AS c
            ON c.hook_id = o.hook_id AND c.capture_id = o.capture_id AND c.(OBJECT)
          WHERE o.due_at <= :now ORDER BY o.due_at LIMIT :limit
          """
              .replace("(OBJECT)", IS_OBJECT));

  /** When to look at each again, in microseconds since 1970. */
  static final NamedStatement POSTPONE =
      NamedStatement.of(
          """
          UPDATE body_objects SET
            due_at = TIMESTAMPTZ '1970-01-01 00:00:00+00' + i.due * INTERVAL '1 microsecond'
          FROM (
            SELECT unnest(:hooks::UUID[]) AS hook_id, unnest(:ids::UUID[]) AS capture_id, unnest(:due::BIGINT[]) AS due
          ) AS i
          WHERE body_objects.hook_id = i.hook_id AND body_objects.capture_id = i.capture_id
          """);

  /** No message can hold any of them any more. */
  static final NamedStatement FORGET =
      NamedStatement.of(
          """
          DELETE FROM body_objects WHERE (hook_id, capture_id) IN (
            SELECT i.hook_id, i.capture_id
            FROM (SELECT unnest(:hooks::UUID[]) AS hook_id, unnest(:ids::UUID[]) AS capture_id) AS i)
          """);

  /** Those of which there is a row, or was until lately. */
  static final NamedStatement KNOWN =
      NamedStatement.of(
          """
          SELECT i.hook_id, i.capture_id
          FROM (SELECT unnest(:hooks::UUID[]) AS hook_id, unnest(:ids::UUID[]) AS capture_id) AS i
          WHERE EXISTS (
              SELECT 1 FROM body_objects AS o WHERE o.hook_id = i.hook_id AND o.capture_id = i.capture_id)
            OR EXISTS (
              SELECT 1 FROM captures AS c WHERE c.hook_id = i.hook_id AND c.capture_id = i.capture_id)
          """);

  /** When the store was made: the time of its first change. */
  static final NamedStatement STORE_MADE_AT =
      NamedStatement.of(
          """
          SELECT min(done_at) AS made_at FROM schema_history
          """);

  private ObjectSql() {}

  /** The hooks and captures of a statement about some objects. */
  static Parameters setKeys(Parameters to, Collection<ObjectKey> keys) throws SQLException {
    return to.setUuids("hooks", keys, key -> key.hook().value())
        .setUuids("ids", keys, ObjectKey::capture);
  }

  static ObjectKey key(ResultSet row) throws SQLException {
    return new ObjectKey(
        new HookUid(row.getObject("hook_id", UUID.class)), row.getObject("capture_id", UUID.class));
  }
}

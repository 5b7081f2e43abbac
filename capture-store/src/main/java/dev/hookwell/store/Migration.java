package dev.hookwell.store;

import java.util.List;

/**
 * One change of the schema: one statement, idempotent, run outside any transaction (CockroachDB
 * commits an open one at a change of the schema, and can leave it half done). No foreign keys,
 * sequences or row-level TTL: they mean different things in the two databases. A released migration
 * is never changed, only followed by another.
 */
record Migration(int version, String name, String sql) {
  static final List<Migration> ALL =
      List.of(
          new Migration(
              1,
              "schema_hooks",
              """
              CREATE TABLE IF NOT EXISTS hooks (
                hook_id UUID NOT NULL,
                expires_at TIMESTAMPTZ NOT NULL,
                last_seq BIGINT NOT NULL,
                floor_seq BIGINT NOT NULL,
                swept_seq BIGINT NOT NULL,
                evicted_count BIGINT NOT NULL,
                deleted_count BIGINT NOT NULL,
                dropped_count BIGINT NOT NULL,
                available_bytes BIGINT NOT NULL,
                cleared_at TIMESTAMPTZ,
                deleted_at TIMESTAMPTZ,
                due_at TIMESTAMPTZ NOT NULL,
                CONSTRAINT hooks_pkey PRIMARY KEY (hook_id))
              """),
          new Migration(
              2,
              "schema_hooks_due",
              """
              CREATE INDEX IF NOT EXISTS hooks_due ON hooks (due_at)
              """),
          new Migration(
              3,
              "schema_captures",
              """
              CREATE TABLE IF NOT EXISTS captures (
                hook_id UUID NOT NULL,
                seq BIGINT NOT NULL,
                capture_id UUID NOT NULL,
                received_at TIMESTAMPTZ NOT NULL,
                stored_at TIMESTAMPTZ NOT NULL DEFAULT now(),
                deleted_at TIMESTAMPTZ,
                method BYTEA NOT NULL,
                path BYTEA NOT NULL,
                query BYTEA NOT NULL,
                head BYTEA NOT NULL,
                body_enc INT4 NOT NULL,
                body_size BIGINT NOT NULL,
                body_sha256 BYTEA NOT NULL,
                body BYTEA,
                CONSTRAINT captures_pkey PRIMARY KEY (hook_id, seq),
                CONSTRAINT captures_once UNIQUE (hook_id, capture_id))
              """),
          // Large bodies live apart: CockroachDB reads whole rows, so a list would read every body.
          new Migration(
              4,
              "schema_bodies",
              """
              CREATE TABLE IF NOT EXISTS bodies (
                hook_id UUID NOT NULL,
                seq BIGINT NOT NULL,
                body BYTEA NOT NULL,
                CONSTRAINT bodies_pkey PRIMARY KEY (hook_id, seq))
              """),
          // Null in the rows of before, which count as nothing; and there the size of a body that
          // was not kept had been counted in available_bytes.
          new Migration(
              5,
              "captures_stored_size",
              """
              ALTER TABLE captures ADD COLUMN IF NOT EXISTS stored_size BIGINT
              """),
          // With a default, since the version before goes on saving until it is replaced.
          new Migration(
              6,
              "hooks_stored_bytes",
              """
              ALTER TABLE hooks ADD COLUMN IF NOT EXISTS stored_bytes BIGINT NOT NULL DEFAULT 0
              """),
          // One row: the totals of all hooks.
          new Migration(
              7,
              "schema_store_usage",
              """
              CREATE TABLE IF NOT EXISTS store_usage (
                name VARCHAR(40) NOT NULL,
                hook_rows BIGINT NOT NULL,
                stored_bytes BIGINT NOT NULL,
                next_at TIMESTAMPTZ NOT NULL,
                CONSTRAINT store_usage_pkey PRIMARY KEY (name))
              """),
          // Up to which floor stored_bytes is right. A version that knows only one of the two
          // columns
          // moves the floor alone; then they differ, and retention counts again.
          new Migration(
              8,
              "hooks_stored_floor",
              """
              ALTER TABLE hooks ADD COLUMN IF NOT EXISTS stored_floor BIGINT NOT NULL DEFAULT 0
              """),
          new Migration(
              9,
              "schema_response_scripts",
              """
              CREATE TABLE IF NOT EXISTS response_scripts (
                hook_id UUID NOT NULL,
                generation BIGINT NOT NULL,
                steps BYTEA NOT NULL,
                taken BIGINT NOT NULL,
                set_at TIMESTAMPTZ NOT NULL,
                expires_at TIMESTAMPTZ NOT NULL,
                CONSTRAINT response_scripts_pkey PRIMARY KEY (hook_id))
              """),
          new Migration(
              10,
              "schema_response_scripts_expiry",
              """
              CREATE INDEX IF NOT EXISTS response_scripts_expiry ON response_scripts (expires_at)
              """),
          // One row for each body in the body store. It outlives its capture's row: a duplicate of
          // an evicted capture must not be stored again, with an object that is gone.
          new Migration(
              11,
              "schema_body_objects",
              """
              CREATE TABLE IF NOT EXISTS body_objects (
                hook_id UUID NOT NULL,
                capture_id UUID NOT NULL,
                received_at TIMESTAMPTZ NOT NULL,
                due_at TIMESTAMPTZ NOT NULL,
                CONSTRAINT body_objects_pkey PRIMARY KEY (hook_id, capture_id))
              """),
          new Migration(
              12,
              "schema_body_objects_due",
              """
              CREATE INDEX IF NOT EXISTS body_objects_due ON body_objects (due_at)
              """));

  NamedStatement statement() {
    return NamedStatement.of(sql);
  }
}

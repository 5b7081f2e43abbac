package dev.hookwell.store;

/** The statements of response scripts; as {@link Sql} has others. */
final class ScriptSql {
  /**
   * The generation never goes back, also not after the row was deleted: a request that is on its
   * way knows an older one.
   */
  static final NamedStatement PUT =
      NamedStatement.of(
          """
          INSERT INTO response_scripts (hook_id, generation, steps, taken, set_at, expires_at)
          VALUES (:hook::UUID, :least_generation::BIGINT, :steps::BYTEA, 0, :now::TIMESTAMPTZ, :end::TIMESTAMPTZ)
          ON CONFLICT (hook_id) DO UPDATE SET
            generation = greatest(response_scripts.generation + 1, excluded.generation),
            steps = excluded.steps, taken = 0, set_at = excluded.set_at, expires_at = excluded.expires_at
          RETURNING generation, steps, taken, set_at, expires_at
          """);

  /** A deleted hook has none, also where one was set while it was deleted. */
  static final NamedStatement READ =
      NamedStatement.of(
          """
          SELECT s.generation, s.steps, s.taken, s.set_at, s.expires_at
          FROM response_scripts AS s LEFT JOIN hooks AS h ON h.hook_id = s.hook_id
          WHERE s.hook_id = :hook AND s.expires_at > :now::TIMESTAMPTZ AND h.deleted_at IS NULL
          """);

  /**
   * Takes one of the requests of a counted step, which begins and ends after so many of all counted
   * steps. No row when the step is used up, or the script another.
   */
  static final NamedStatement CLAIM =
      NamedStatement.of(
          """
          UPDATE response_scripts SET taken = greatest(taken, :before::BIGINT) + 1,
            expires_at = greatest(expires_at, :end::TIMESTAMPTZ)
          WHERE hook_id = :hook AND generation = :generation AND taken < :up_to::BIGINT
          RETURNING taken
          """);

  static final NamedStatement USE =
      NamedStatement.of(
          """
          UPDATE response_scripts SET expires_at = :end::TIMESTAMPTZ WHERE hook_id = :hook AND generation = :generation
          """);

  static final NamedStatement RESTART =
      NamedStatement.of(
          """
          UPDATE response_scripts SET generation = greatest(generation + 1, :least_generation::BIGINT), taken = 0,
            set_at = :now::TIMESTAMPTZ, expires_at = :end::TIMESTAMPTZ
          WHERE hook_id = :hook AND expires_at > :now::TIMESTAMPTZ
          RETURNING generation, steps, taken, set_at, expires_at
          """);

  static final NamedStatement DELETE =
      NamedStatement.of(
          """
          DELETE FROM response_scripts WHERE hook_id = :hook
          """);

  /** Looks at the end again: it may have been used meanwhile. */
  static final NamedStatement SWEEP =
      NamedStatement.of(
          """
          DELETE FROM response_scripts
          WHERE hook_id IN (SELECT hook_id FROM response_scripts WHERE expires_at <= :now ORDER BY expires_at LIMIT :limit)
            AND expires_at <= :now
          """);

  private ScriptSql() {}
}

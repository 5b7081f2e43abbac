package dev.hookwell.store;

/** The statements of response scripts; as {@link Sql} has others. */
final class ScriptSql {
  /**
   * Hook, the least generation, steps, when it is set, when it ends. The generation never goes
   * back, also not after the row was deleted: a request that is on its way knows an older one.
   */
  static final String PUT =
      """
      INSERT INTO response_scripts (hook_id, generation, steps, taken, set_at, expires_at)
      VALUES (?::UUID, ?::BIGINT, ?::BYTEA, 0, ?::TIMESTAMPTZ, ?::TIMESTAMPTZ)
      ON CONFLICT (hook_id) DO UPDATE SET
        generation = greatest(response_scripts.generation + 1, excluded.generation),
        steps = excluded.steps, taken = 0, set_at = excluded.set_at, expires_at = excluded.expires_at
      RETURNING generation, steps, taken, set_at, expires_at
      """;

  /** Hook, now. A deleted hook has none, also where one was set while it was deleted. */
  static final String READ =
      """
      SELECT s.generation, s.steps, s.taken, s.set_at, s.expires_at
      FROM response_scripts AS s LEFT JOIN hooks AS h ON h.hook_id = s.hook_id
      WHERE s.hook_id = ? AND s.expires_at > ?::TIMESTAMPTZ AND h.deleted_at IS NULL
      """;

  /**
   * Requests of the counted steps before it, when it ends, hook, generation, requests of the
   * counted steps up to it. No row when the step is used up, or the script another.
   */
  static final String CLAIM =
      """
      UPDATE response_scripts SET taken = greatest(taken, ?::BIGINT) + 1,
        expires_at = greatest(expires_at, ?::TIMESTAMPTZ)
      WHERE hook_id = ? AND generation = ? AND taken < ?::BIGINT
      RETURNING taken
      """;

  /** When it ends, hook, generation. */
  static final String USE =
      """
      UPDATE response_scripts SET expires_at = ?::TIMESTAMPTZ WHERE hook_id = ? AND generation = ?
      """;

  /** The least generation, when it is set, when it ends, hook, now. */
  static final String RESTART =
      """
      UPDATE response_scripts SET generation = greatest(generation + 1, ?::BIGINT), taken = 0,
        set_at = ?::TIMESTAMPTZ, expires_at = ?::TIMESTAMPTZ
      WHERE hook_id = ? AND expires_at > ?::TIMESTAMPTZ
      RETURNING generation, steps, taken, set_at, expires_at
      """;

  static final String DELETE =
      """
      DELETE FROM response_scripts WHERE hook_id = ?
      """;

  /** Now, limit, now: it may have been used meanwhile. */
  static final String SWEEP =
      """
      DELETE FROM response_scripts
      WHERE hook_id IN (SELECT hook_id FROM response_scripts WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)
        AND expires_at <= ?
      """;

  private ScriptSql() {}
}

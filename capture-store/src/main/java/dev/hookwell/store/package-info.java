/**
 * Captures in CockroachDB or PostgreSQL: the pool, migrations, saving, reading, deleting and
 * retention. All SQL stands in {@link dev.hookwell.store.Sql}.
 */
@NullMarked
package dev.hookwell.store;

import org.jspecify.annotations.NullMarked;

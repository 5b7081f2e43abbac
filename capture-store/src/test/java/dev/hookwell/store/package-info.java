/**
 * Tests of the store against a real PostgreSQL; {@link PostgresServer} is for other modules too.
 */
@NullMarked
package dev.hookwell.store;

import org.jspecify.annotations.NullMarked;

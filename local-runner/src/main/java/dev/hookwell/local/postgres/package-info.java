/**
 * The built-in PostgreSQL: its programs, its server, its one role. It may use {@code machine} and
 * {@code folder}.
 */
@NullMarked
package dev.hookwell.local.postgres;

import org.jspecify.annotations.NullMarked;

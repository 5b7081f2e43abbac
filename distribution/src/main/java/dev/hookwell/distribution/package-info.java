/** Puts Hookwell for one machine into an archive, with a Java and a PostgreSQL of its own. */
@NullMarked
package dev.hookwell.distribution;

import org.jspecify.annotations.NullMarked;

/** What functions share that use the database: secrets by name, and opening it. */
@NullMarked
package dev.hookwell.support;

import org.jspecify.annotations.NullMarked;

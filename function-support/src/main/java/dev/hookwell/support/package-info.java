/**
 * The common parts of the functions that use the database: reading secrets by name, and opening it.
 */
@NullMarked
package dev.hookwell.support;

import org.jspecify.annotations.NullMarked;

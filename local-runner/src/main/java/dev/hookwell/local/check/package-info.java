/**
 * {@code ./run check}: whether a database of the user's own is fit for Hookwell. It uses no other
 * package of the runner.
 */
@NullMarked
package dev.hookwell.local.check;

import org.jspecify.annotations.NullMarked;

/**
 * Bodies that are too large for a message: where they lie, and when they go. It may use {@code
 * machine}, {@code folder} and {@code queue}.
 */
@NullMarked
package dev.hookwell.local.bodies;

import org.jspecify.annotations.NullMarked;

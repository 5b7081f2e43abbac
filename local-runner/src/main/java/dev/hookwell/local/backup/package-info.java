/**
 * Backing up a data folder, and making one of a backup. It may use {@code folder}, {@code queue}
 * and {@code postgres}.
 */
@NullMarked
package dev.hookwell.local.backup;

import org.jspecify.annotations.NullMarked;

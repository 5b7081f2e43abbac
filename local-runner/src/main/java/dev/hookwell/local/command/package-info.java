/**
 * The command line and its variables, and what of it would be unsafe. It may use {@code machine}
 * and {@code gateway}.
 */
@NullMarked
package dev.hookwell.local.command;

import org.jspecify.annotations.NullMarked;

/**
 * The command line and its variables, and the refusal of unsafe combinations. It may use {@code
 * machine} and {@code gateway}.
 */
@NullMarked
package dev.hookwell.local.command;

import org.jspecify.annotations.NullMarked;

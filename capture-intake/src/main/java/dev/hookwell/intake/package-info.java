/**
 * Gateway event to capture to queue: the common work of the functions that receive. It looks
 * nothing up.
 */
@NullMarked
package dev.hookwell.intake;

import org.jspecify.annotations.NullMarked;

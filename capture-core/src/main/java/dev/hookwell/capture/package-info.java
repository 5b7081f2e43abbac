/**
 * A capture: its data, ids, keys and notes, its envelope, and the gateway event that it comes from.
 */
@NullMarked
package dev.hookwell.capture;

import org.jspecify.annotations.NullMarked;

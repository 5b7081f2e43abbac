/**
 * What a capture is: its data, ids, keys, notes, its envelope and the gateway event it comes from.
 */
@NullMarked
package dev.hookwell.capture;

import org.jspecify.annotations.NullMarked;

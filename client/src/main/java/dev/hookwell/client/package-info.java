/** A client of Hookwell's API: reads hooks and their captures over HTTP. */
@NullMarked
package dev.hookwell.client;

import org.jspecify.annotations.NullMarked;

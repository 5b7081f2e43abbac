/** Hooks, the polling API and the static page. Reads the store; never touches the queue. */
@NullMarked
package dev.hookwell.api;

import org.jspecify.annotations.NullMarked;

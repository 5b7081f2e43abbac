/** Follows a hook by its numbers and delivers each capture, so that none is missed. */
@NullMarked
package dev.hookwell.client.listen;

import org.jspecify.annotations.NullMarked;

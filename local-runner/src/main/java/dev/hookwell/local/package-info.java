/**
 * Hookwell on one machine: {@code ./run} and the system that it starts, in which the other packages
 * are the gateway, the queue, the event source mapping and the database that AWS would be. It may
 * use all of them, and none uses it.
 */
@NullMarked
package dev.hookwell.local;

import org.jspecify.annotations.NullMarked;

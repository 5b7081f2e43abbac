/**
 * Hookwell on one machine: the gateway, the queue, the event source mapping and the database that
 * AWS would be.
 */
@NullMarked
package dev.hookwell.local;

import org.jspecify.annotations.NullMarked;

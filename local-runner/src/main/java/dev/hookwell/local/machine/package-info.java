/**
 * The machine: its addresses and ports, the shares of the heap, a monotonic time, repeated tasks.
 * It uses no other package of the runner.
 */
@NullMarked
package dev.hookwell.local.machine;

import org.jspecify.annotations.NullMarked;

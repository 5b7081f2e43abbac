/**
 * The machine: its addresses and ports, who may have which share of the heap, a time that only goes
 * on, a task that is repeated. It uses no other package of the runner.
 */
@NullMarked
package dev.hookwell.local.machine;

import org.jspecify.annotations.NullMarked;

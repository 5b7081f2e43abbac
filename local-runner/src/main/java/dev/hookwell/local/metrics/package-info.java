/**
 * Figures of the log and the queue for Prometheus. It may use {@code machine} and {@code queue}.
 */
@NullMarked
package dev.hookwell.local.metrics;

import org.jspecify.annotations.NullMarked;

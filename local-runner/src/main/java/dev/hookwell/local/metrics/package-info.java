/**
 * What the log and the queue tell, for Prometheus. It may use {@code machine} and {@code queue}.
 */
@NullMarked
package dev.hookwell.local.metrics;

import org.jspecify.annotations.NullMarked;

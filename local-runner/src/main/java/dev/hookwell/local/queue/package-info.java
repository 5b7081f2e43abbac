/**
 * The queue on disk that behaves as SQS does, the pump that behaves as its event source mapping
 * does, and the redrive of dead letters. It may use {@code machine}, {@code folder} and {@code
 * lambda}.
 */
@NullMarked
package dev.hookwell.local.queue;

import org.jspecify.annotations.NullMarked;

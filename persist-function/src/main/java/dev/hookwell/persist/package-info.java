/** SQS batch to rows. */
@NullMarked
package dev.hookwell.persist;

import org.jspecify.annotations.NullMarked;

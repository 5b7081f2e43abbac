/** Bodies that are too large for a message: in a bucket, or in a folder. */
@NullMarked
package dev.hookwell.bodies;

import org.jspecify.annotations.NullMarked;

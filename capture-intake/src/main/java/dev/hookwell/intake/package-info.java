/** Gateway event to capture to queue: all that a function does that receives. Looks nothing up. */
@NullMarked
package dev.hookwell.intake;

import org.jspecify.annotations.NullMarked;

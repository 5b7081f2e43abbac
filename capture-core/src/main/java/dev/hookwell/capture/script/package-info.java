/** An owner's script of responses: its form, its limits, and the step that decides. */
@NullMarked
package dev.hookwell.capture.script;

import org.jspecify.annotations.NullMarked;

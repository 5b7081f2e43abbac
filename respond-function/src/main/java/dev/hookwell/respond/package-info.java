/** The function of the hook path on which the owner's script decides the response. */
@NullMarked
package dev.hookwell.respond;

import org.jspecify.annotations.NullMarked;

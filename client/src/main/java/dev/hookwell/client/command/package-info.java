/** The command line: {@code hookwell listen 3000} and its like. */
@NullMarked
package dev.hookwell.client.command;

import org.jspecify.annotations.NullMarked;

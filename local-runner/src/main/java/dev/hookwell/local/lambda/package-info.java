/**
 * Lambda around a function: its context, and how a batch reaches it. It uses no other package of
 * the runner.
 */
@NullMarked
package dev.hookwell.local.lambda;

import org.jspecify.annotations.NullMarked;

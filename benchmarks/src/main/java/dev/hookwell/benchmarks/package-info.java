/** How fast Hookwell is, each measure beside a reference taken in the same run. */
@NullMarked
package dev.hookwell.benchmarks;

import org.jspecify.annotations.NullMarked;

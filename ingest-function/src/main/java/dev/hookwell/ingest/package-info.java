/** The function of the hook path. Needs SQS and nothing else. */
@NullMarked
package dev.hookwell.ingest;

import org.jspecify.annotations.NullMarked;

/** Gateway event to capture to SQS to 200. Needs SQS and nothing else. */
@NullMarked
package dev.hookwell.ingest;

import org.jspecify.annotations.NullMarked;

package dev.hookwell.client;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * A hook as its server describes it.
 *
 * @param url the URL that senders use
 * @param firstSeq the number of the first capture that is still there
 * @param longestWait the longest wait that its server allows in one call
 */
public record Hook(String url, Counts counts, OptionalLong firstSeq, Duration longestWait) {}

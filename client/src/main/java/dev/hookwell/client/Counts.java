package dev.hookwell.client;

/**
 * What became of a hook's captures.
 *
 * @param stored the number of the last one that was ever stored; available + evicted + deleted
 * @param available what can be read
 * @param evicted dropped by the quota or by age
 * @param deleted deleted by the hook's owner
 */
public record Counts(long stored, long available, long evicted, long deleted) {}

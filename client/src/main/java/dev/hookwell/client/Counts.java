package dev.hookwell.client;

/**
 * How many captures a hook has, and had.
 *
 * @param stored the number of the last one that was ever stored; available + evicted + deleted
 * @param available captures that can be read
 * @param evicted dropped by the quota or by age
 * @param deleted deleted by the hook's owner
 */
public record Counts(long stored, long available, long evicted, long deleted) {}

package dev.hookwell.capture;

/**
 * A header as the edge delivered it: name lower-cased and repeats joined, if that is what the edge
 * does.
 */
public record Header(String name, String value) {}

package dev.hookwell.capture;

/**
 * A header as the edge delivered it: name lower-cased and repeats joined, if the edge does that.
 */
public record Header(String name, String value) {}

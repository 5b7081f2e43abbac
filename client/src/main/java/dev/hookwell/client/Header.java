package dev.hookwell.client;

/** A header as the edge delivered it. */
public record Header(String name, String value) {}

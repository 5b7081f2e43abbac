package dev.hookwell.capture.script;

/**
 * A step that may decide the next request.
 *
 * @param number from 1
 * @param before requests of the counted steps before it, or shares of those before it that take a
 *     share; 0 for the others
 */
public record StepInTurn(int number, ResponseStep step, int before) {}

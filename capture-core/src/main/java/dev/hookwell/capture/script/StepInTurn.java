package dev.hookwell.capture.script;

/**
 * A step that may decide the next request.
 *
 * @param number its number in the script, from 1
 * @param before of a counted step, the number of requests of the counted steps before it; of a step
 *     that takes a share, the shares of those before it; else 0
 */
public record StepInTurn(int number, ResponseStep step, int before) {}

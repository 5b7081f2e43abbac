/**
 * Decides whether a capture meets filters: pure code, bounded in time and memory by its input. It
 * knows neither the store nor HTTP.
 */
@NullMarked
package dev.hookwell.api.find;

import org.jspecify.annotations.NullMarked;

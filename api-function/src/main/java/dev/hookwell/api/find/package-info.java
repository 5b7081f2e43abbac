/**
 * Whether a capture meets filters: pure code, bounded in time and memory by what it is given. It
 * knows neither the store nor HTTP.
 */
@NullMarked
package dev.hookwell.api.find;

import org.jspecify.annotations.NullMarked;

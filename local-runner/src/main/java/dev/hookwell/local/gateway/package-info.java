/**
 * The HTTP server that behaves as API Gateway: connections, requests as events, responses, and the
 * turns of invocations. It may use {@code machine} and {@code lambda}.
 */
@NullMarked
package dev.hookwell.local.gateway;

import org.jspecify.annotations.NullMarked;

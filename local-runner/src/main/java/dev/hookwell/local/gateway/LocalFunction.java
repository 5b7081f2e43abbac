package dev.hookwell.local.gateway;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.time.Duration;

/**
 * A function as the gateway knows it.
 *
 * @param name as its logs and context say it
 * @param timeout after which Lambda would end an invocation
 * @param concurrency invocations at once; more wait for their turn
 */
public record LocalFunction(
    String name, Duration timeout, int concurrency, RequestStreamHandler handler) {

  /** A function that any number of invocations may run at once. */
  public LocalFunction(String name, Duration timeout, RequestStreamHandler handler) {
    this(name, timeout, Integer.MAX_VALUE, handler);
  }
}

package dev.hookwell.local;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.time.Duration;

/**
 * A function as the gateway knows it.
 *
 * @param name as its logs and context say it
 * @param timeout after which Lambda would end an invocation
 */
public record LocalFunction(String name, Duration timeout, RequestStreamHandler handler) {}

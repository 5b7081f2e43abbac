package dev.hookwell.distribution;

import com.amazonaws.services.lambda.runtime.api.client.AWSLambda;
import dev.hookwell.capture.EventLog;
import java.time.Clock;
import java.util.Map;

/**
 * Where a function's package starts: says once when the JVM has refused the package's cache, which
 * it does without a word of its own, and is Lambda's runtime client then.
 */
public final class FunctionStart {
  /** What the JVM says of itself, as {@code java -version} prints it, while it uses a cache. */
  private static final String WITH_CACHE = "sharing";

  private FunctionStart() {}

  /** Takes the name of the function's handler. */
  public static void main(String[] arguments) throws Throwable {
    if (!System.getProperty("java.vm.info", "").contains(WITH_CACHE)) {
      new EventLog(System.out::println, Clock.systemUTC()).warn("start.without-cache", Map.of());
    }
    AWSLambda.main(arguments);
  }
}

package dev.hookwell.distribution;

import com.amazonaws.services.lambda.runtime.api.client.AWSLambda;
import dev.hookwell.capture.EventLog;
import java.time.Clock;
import java.util.Map;

/**
 * The main class of a function's package. Logs one line when the JVM has refused the package's
 * cache, which the JVM does silently, and then runs Lambda's runtime client.
 */
public final class FunctionStart {
  /**
   * A word of the JVM's description of itself, as in {@code java -version}, while it uses a cache.
   */
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

package dev.hookwell.distribution;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The start of a function's package: in Lambda by a script, in the training without it. Both have
 * the same options, since a cache holds only for those it was made with.
 *
 * @param jars the class path, in its order, as paths within the package
 */
record Bootstrap(List<String> jars) {
  /**
   * The heap's percentage of {@code AWS_LAMBDA_FUNCTION_MEMORY_SIZE}, as in Lambda's own Java
   * runtime.
   */
  private static final int HEAP_PERCENT = 85;

  static final String CACHE = "function.aot";
  static final String NATIVE_CLIENT = "client.so";

  private static final String NATIVE_CLIENT_OPTION =
      "-Dcom.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI=";

  /** Lambda's own options for Java 25, and those that a cache needs. */
  private static final List<String> OPTIONS =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          // Compiling later takes a tenth off the start (docs/cold-start.md).
          "-XX:CompileThresholdScaling=3",
          "-Djava.net.preferIPv4Stack=true",
          "--enable-native-access=ALL-UNNAMED",
          "--add-opens=java.base/java.io=ALL-UNNAMED",
          // Before JDK 25.0.5 the cache's adapters crash on a processor with less than the
          // builder's.
          "-XX:+UnlockDiagnosticVMOptions",
          "-XX:-AOTAdapterCaching",
          // FunctionStart logs one line in place of the five of these.
          "-Xlog:aot*=off",
          "-Xlog:cds*=off");

  /**
   * For the training.
   *
   * @param folder the package's, in which to start it
   * @param memory the function's, in MB
   * @param cache the options of the cache
   */
  List<String> command(Path folder, String handler, int memory, List<String> cache) {
    List<String> command = new ArrayList<>(List.of("jre/bin/java"));
    command.addAll(options(cache));
    command.add(NATIVE_CLIENT_OPTION + folder.resolve(NATIVE_CLIENT));
    command.add("-Xmx" + memory * HEAP_PERCENT / 100 + "m");
    command.addAll(end());
    command.add(handler);
    return command;
  }

  /** For Lambda. */
  String script() {
    String words =
        Stream.of(options(List.of("-XX:AOTCache=" + CACHE)), ofThisFunction(), end())
            .flatMap(List::stream)
            .map(word -> "  \"" + word + "\" \\\n")
            .collect(Collectors.joining());
    return """
    #!/bin/sh
    # Lambda starts this. Made by dev.hookwell.distribution.Bootstrap.
    cd "$LAMBDA_TASK_ROOT" || exit 1
    exec jre/bin/java \\
    %s  "$_HANDLER"
    """
        .formatted(words);
  }

  private static List<String> options(List<String> cache) {
    return Stream.concat(OPTIONS.stream(), cache.stream()).toList();
  }

  private static List<String> ofThisFunction() {
    return List.of(
        NATIVE_CLIENT_OPTION + "$LAMBDA_TASK_ROOT/" + NATIVE_CLIENT,
        "-Xmx$((AWS_LAMBDA_FUNCTION_MEMORY_SIZE * %d / 100))m".formatted(HEAP_PERCENT));
  }

  private List<String> end() {
    return List.of("-cp", String.join(":", jars), FunctionStart.class.getName());
  }
}

package dev.hookwell.deployment.functions;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.hookwell.local.LocalFunctions;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A function in a process of its own under Lambda's runtime interface client, laid out and started
 * as Lambda does it, with the Runtime API that the client polls: a jar as Lambda's own Java runtime
 * starts it, or a package that brings its runtime along. Linux only, as the client is. For one
 * caller at a time.
 */
public final class LambdaRuntime implements AutoCloseable {
  /** Lambda's, for a function without a setting of its own; the heap goes by the memory size. */
  private static final List<String> JVM =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Xshare:auto",
          "-Djava.net.preferIPv4Stack=true",
          "--enable-native-access=ALL-UNNAMED",
          "--add-opens=java.base/java.io=ALL-UNNAMED");

  private static final String CLIENT = "com.amazonaws.services.lambda.runtime.api.client";
  private static final String ARN = "arn:aws:lambda:us-east-1:000000000000:function:hookwell";

  /** Of the other functions, as the template has it, or longer. */
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private static final Duration LONGEST_END = Duration.ofSeconds(10);

  /** The outcome of an invocation. */
  public sealed interface Outcome {
    /** The function's response. */
    record Answered(String json) implements Outcome {}

    /** The handler threw. */
    record Failed(String error) implements Outcome {}

    /** The function could not be started. */
    record NotStarted(String error) implements Outcome {}

    /** The process ended, or did not respond in time. */
    record Silent(String output) implements Outcome {}
  }

  private final Duration timeout;
  private final Path folder;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final BlockingQueue<byte[]> events = new LinkedBlockingQueue<>();
  private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
  private final Process process;
  private final long startedAt;
  private volatile long readyAt;
  private volatile long answeredAt;
  private int invocations;

  private LambdaRuntime(
      Path folder,
      Path task,
      List<String> command,
      String handler,
      int memory,
      Map<String, String> environment)
      throws IOException {
    this.folder = folder;
    this.timeout = timeout(handler);
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/2018-06-01/runtime/", this::serve);
    server.setExecutor(threads);
    server.start();

    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(task.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile());
    builder.environment().clear();
    builder
        .environment()
        .putAll(
            Map.ofEntries(
                Map.entry("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:" + server.getAddress().getPort()),
                Map.entry("LAMBDA_TASK_ROOT", task.toString()),
                Map.entry("_HANDLER", handler),
                Map.entry("AWS_LAMBDA_FUNCTION_NAME", "hookwell"),
                Map.entry("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
                Map.entry("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Integer.toString(memory)),
                Map.entry("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"),
                Map.entry("AWS_REGION", "us-east-1"),
                Map.entry("AWS_ACCESS_KEY_ID", "x"),
                Map.entry("AWS_SECRET_ACCESS_KEY", "x"),
                Map.entry("TZ", ":UTC"),
                Map.entry("LANG", "en_US.UTF-8")));
    builder.environment().putAll(environment);
    startedAt = System.nanoTime();
    process = builder.start();
    threads.execute(this::watch);
  }

  private static Duration timeout(String handler) {
    return switch (handler.substring(handler.lastIndexOf('.') + 1)) {
      case "ApiHandler" -> LocalFunctions.API_TIMEOUT;
      case "RetentionHandler" -> LocalFunctions.RETENTION_TIMEOUT;
      default -> TIMEOUT;
    };
  }

  /** As Lambda's Java runtime does it, with a class loader of the client's for the jar. */
  private static List<String> managed(Path folder, String handler, int memory) throws IOException {
    Path clientJars = clientJars();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JVM);
    command.add("-XX:MaxHeapSize=" + memory * 85L / 100 + "m");
    command.add("-XX:ErrorFile=" + folder.resolve("crash.log"));
    command.add("-D" + CLIENT + ".runtimeapi.NativeClient.JNI=" + nativeClient(clientJars, folder));
    command.addAll(List.of("-cp", clientJars + File.separator + "*", CLIENT + ".AWSLambda"));
    command.add(handler);
    return command;
  }

  /**
   * Starts the process and returns at once; {@link #invoke} waits for it.
   *
   * @param jar the function's, with all it needs
   * @param handler the name of its handler class
   * @param memory the function's, in MB
   * @param environment the function's
   */
  public static LambdaRuntime start(
      Path jar, String handler, int memory, Map<String, String> environment) {
    try {
      Path folder = Files.createTempDirectory("hookwell-lambda");
      Path task = Files.createDirectory(folder.resolve("task"));
      Path lib = Files.createDirectory(task.resolve("lib"));
      Files.createSymbolicLink(lib.resolve(jar.getFileName()), jar.toRealPath());
      Map<String, String> all = new HashMap<>(environment);
      all.put("AWS_EXECUTION_ENV", "AWS_Lambda_java25");
      return new LambdaRuntime(
          folder, task, managed(folder, handler, memory), handler, memory, all);
    } catch (IOException e) {
      throw new UncheckedIOException("the runtime does not start", e);
    }
  }

  /**
   * The same for a function that brings its runtime along.
   *
   * @param task the folder of its unpacked package
   * @param command the command that starts it there: on Lambda, its {@code bootstrap}
   */
  public static LambdaRuntime startPackage(
      Path task,
      List<String> command,
      String handler,
      int memory,
      Map<String, String> environment) {
    try {
      Path folder = Files.createTempDirectory("hookwell-lambda");
      return new LambdaRuntime(folder, task, command, handler, memory, environment);
    } catch (IOException e) {
      throw new UncheckedIOException("the runtime does not start", e);
    }
  }

  /** Where the build put the runtime client, seen from any module. */
  public static Path clientJars() throws IOException {
    return Path.of("../deployment-checks/target/lambda-runtime-client").toRealPath();
  }

  /** Unpacked here: by itself the client puts it under one name into the machine's /tmp. */
  private static Path nativeClient(Path clientJars, Path folder) throws IOException {
    Path library = folder.resolve("client.so");
    copyNativeClient(clientJars, library);
    return library;
  }

  /** Copies the native library for this kind of machine out of the client's jar. */
  public static void copyNativeClient(Path clientJars, Path library) throws IOException {
    String name =
        System.getProperty("os.arch").equals("aarch64") ? "linux-aarch_64" : "linux-x86_64";
    try (Stream<Path> jars = Files.list(clientJars)) {
      Path jar =
          jars.filter(path -> path.getFileName().toString().contains("runtime-interface"))
              .findFirst()
              .orElseThrow();
      try (FileSystem zip = FileSystems.newFileSystem(jar);
          InputStream in =
              Files.newInputStream(zip.getPath("jni", "libaws-lambda-jni." + name + ".so"))) {
        Files.copy(in, library, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  /** Gives it an event, and waits for the outcome. */
  public Outcome invoke(byte[] event, Duration patience) {
    events.add(event);
    try {
      return Optional.ofNullable(outcomes.poll(patience.toNanos(), TimeUnit.NANOSECONDS))
          .orElseGet(() -> new Outcome.Silent(output()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /**
   * How long a start took.
   *
   * @param init from the start of the process until it asked for an event
   * @param invocation from then until the first response
   */
  public record Start(Duration init, Duration invocation) {
    public Duration total() {
      return init.plus(invocation);
    }
  }

  /** The times of the start; only after the first response, to an event that was there before. */
  public Start times() {
    if (answeredAt == 0) {
      throw new IllegalStateException("it has not answered");
    }
    return new Start(Duration.ofNanos(readyAt - startedAt), Duration.ofNanos(answeredAt - readyAt));
  }

  /** The text that it has written to its log. */
  public String output() {
    try {
      return Files.readString(folder.resolve("output"), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Asks the process to end, which Lambda does not, and waits until it has.
   *
   * @return whether it did in time
   */
  public boolean stop(Duration patience) throws InterruptedException {
    process.destroy();
    return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void watch() {
    try {
      process.waitFor();
      outcomes.add(new Outcome.Silent(output()));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      if (path.endsWith("/invocation/next")) {
        next(exchange);
        return;
      }
      if (answeredAt == 0) {
        answeredAt = System.nanoTime();
      }
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(202, -1);
      if (path.endsWith("/response")) {
        outcomes.add(new Outcome.Answered(body));
      } else if (path.endsWith("/init/error")) {
        outcomes.add(new Outcome.NotStarted(body));
      } else {
        outcomes.add(new Outcome.Failed(body));
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void next(HttpExchange exchange) throws IOException, InterruptedException {
    if (readyAt == 0) {
      readyAt = System.nanoTime();
    }
    byte[] event = events.take();
    var headers = exchange.getResponseHeaders();
    headers.set("Lambda-Runtime-Aws-Request-Id", "request-" + ++invocations);
    headers.set(
        "Lambda-Runtime-Deadline-Ms", Long.toString(Instant.now().plus(timeout).toEpochMilli()));
    headers.set("Lambda-Runtime-Invoked-Function-Arn", ARN);
    headers.set("Lambda-Runtime-Trace-Id", "Root=1-5759e988-bd862e3fe1be46a994272793");
    // Without a type the client's native part ends the process.
    headers.set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, event.length);
    exchange.getResponseBody().write(event);
  }

  /** Ends the process, as Lambda does: without asking it. */
  @Override
  public void close() {
    // First, so that no thread waits for the process and then reads files that are deleted here.
    threads.shutdownNow();
    process.destroyForcibly();
    try {
      process.waitFor(LONGEST_END.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    server.stop(0);
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

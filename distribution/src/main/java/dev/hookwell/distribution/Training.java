package dev.hookwell.distribution;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs the distribution once, from a start to a stop, as its own start script does: the JVM records
 * which classes were loaded and which methods were hot, and later starts read that.
 */
final class Training {
  private static final int REQUESTS = 5000;
  private static final int AT_ONCE = 20;
  private static final int PATIENCE_SECONDS = 600;
  private static final Pattern READY = Pattern.compile("Hookwell is ready: (http://\\S+)");

  private Training() {}

  static void run(Path folder) throws IOException, InterruptedException {
    Path scratch = folder.resolveSibling("training");
    Distribution.delete(scratch);
    Files.createDirectories(scratch);
    Path recorded = scratch.resolve("recorded");
    Path output = scratch.resolve("output");
    Process runner =
        start(
            command(folder, "-XX:AOTMode=record", "-XX:AOTConfiguration=" + recorded),
            List.of("--port", "0", "--data", scratch.resolve("data").toString()),
            output);
    try {
      load(awaitReady(runner, output));
      runner.destroy();
      end(runner, output, recorded);
    } finally {
      runner.destroyForcibly();
    }
    Path cache = folder.resolve("lib/hookwell.aot");
    Process writer =
        start(
            command(
                folder,
                "-XX:AOTMode=create",
                "-XX:AOTConfiguration=" + recorded,
                "-XX:AOTCache=" + cache),
            List.of(),
            output);
    end(writer, output, cache);
    Distribution.delete(scratch);
  }

  static Process start(List<String> command, List<String> arguments, Path output)
      throws IOException {
    List<String> all = new ArrayList<>(command);
    all.addAll(arguments);
    return new ProcessBuilder(all)
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }

  static void end(Process process, Path output, Path made)
      throws IOException, InterruptedException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || !Files.exists(made)) {
      process.destroyForcibly();
      throw new IOException(made + " was not written:\n" + Files.readString(output));
    }
  }

  /**
   * The start script's own line, but for the cache's option: a cache does not hold for other
   * options.
   */
  private static List<String> command(Path folder, String... mode) throws IOException {
    String script = Files.readString(folder.resolve("run"));
    String line = script.substring(script.lastIndexOf("exec ") + "exec ".length());
    List<String> command = new ArrayList<>();
    for (String word : line.replace("\\\n", " ").replace("\"$@\"", "").strip().split("\\s+", -1)) {
      String plain =
          word.replace("\"", "")
              .replace("$root", folder.toString())
              .replace("${HOOKWELL_HEAP:-1g}", "1g");
      if (plain.startsWith("-XX:AOTCache=")) {
        command.addAll(List.of(mode));
      } else {
        command.add(plain);
      }
    }
    return command;
  }

  private static URI awaitReady(Process runner, Path output)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
      Matcher matcher = READY.matcher(Files.readString(output));
      if (matcher.find()) {
        return URI.create(matcher.group(1));
      }
      if (!runner.isAlive()) {
        break;
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
    throw new IOException("it does not start:\n" + Files.readString(output));
  }

  /** As a first user would: the page, a hook, many captures of two kinds, and reading them. */
  private static void load(URI address) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      expect(client, HttpRequest.newBuilder(address.resolve("/")));
      String hook =
          expect(
              client,
              HttpRequest.newBuilder(address.resolve("/api/hooks")).POST(BodyPublishers.noBody()));
      String url = field(hook, "url");
      String apiUrl = field(hook, "apiUrl");
      String viewKey = field(hook, "viewKey");
      String body = "{\"text\":\"" + "0123456789 ".repeat(90) + "\"}";
      for (int sent = 0; sent < REQUESTS; sent += AT_ONCE) {
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
          HttpRequest request =
              HttpRequest.newBuilder(URI.create(url + "/order?n=" + (sent + i)))
                  .header(
                      "Content-Type", i % 2 == 0 ? "application/json" : "application/octet-stream")
                  .POST(BodyPublishers.ofString(body))
                  .build();
          answers.add(client.sendAsync(request, BodyHandlers.ofString()));
        }
        answers.forEach(CompletableFuture::join);
        String list = apiUrl + "/captures?limit=100&after=" + Math.max(0, sent - 200);
        expect(
            client,
            HttpRequest.newBuilder(URI.create(list)).header("Authorization", "Bearer " + viewKey));
      }
    }
  }

  private static String expect(HttpClient client, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
    if (response.statusCode() >= 300) {
      throw new IOException(response.request().uri() + " gave " + response.statusCode());
    }
    return response.body();
  }

  private static String field(String json, String name) throws IOException {
    Matcher matcher = Pattern.compile("\"" + name + "\"\\s*:\\s*\"([^\"]+)\"").matcher(json);
    if (!matcher.find()) {
      throw new IOException("no " + name + " in the answer");
    }
    return matcher.group(1);
  }
}

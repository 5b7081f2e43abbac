package dev.hookwell.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Senders to the hooks of a running system, and the owner of these hooks. Thread-safe. */
final class HookSenders implements AutoCloseable {
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI server;

  HookSenders(URI server) {
    this.server = server;
  }

  /**
   * A hook.
   *
   * @param url with the plain response
   * @param apiUrl of its calls
   */
  record Hook(URI url, URI apiUrl, String ownerKey) {
    /** The URL at which the owner's script decides the response. */
    URI scripted() {
      return url.resolve(url.getPath().replaceFirst("^/h/", "/s/"));
    }
  }

  Hook hook() throws IOException, InterruptedException {
    String made =
        http.send(
                HttpRequest.newBuilder(server.resolve("/api/hooks"))
                    .POST(BodyPublishers.noBody())
                    .build(),
                BodyHandlers.ofString())
            .body();
    return new Hook(
        URI.create(text(made, "url")), URI.create(text(made, "apiUrl")), text(made, "ownerKey"));
  }

  /** A string member of the JSON object that describes a new hook. */
  private static String text(String made, String name) {
    Matcher matcher = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(made);
    if (!matcher.find()) {
      throw new IllegalStateException("no " + name + " in the answer");
    }
    return matcher.group(1);
  }

  /** Sets a hook's script, from its first step. */
  void script(Hook hook, String steps) throws IOException, InterruptedException {
    int status =
        http.send(
                HttpRequest.newBuilder(URI.create(hook.apiUrl() + "/response"))
                    .header("authorization", "Bearer " + hook.ownerKey())
                    .header("content-type", "application/json")
                    .PUT(BodyPublishers.ofString("{\"steps\":[" + steps + "]}"))
                    .build(),
                BodyHandlers.discarding())
            .statusCode();
    if (status != 200) {
      throw new IllegalStateException("the script was answered " + status);
    }
  }

  /** A request with random bytes, which do not compress. */
  static HttpRequest request(URI url, int bytes) {
    byte[] body = new byte[bytes];
    new Random(bytes).nextBytes(body);
    return HttpRequest.newBuilder(url)
        .header("content-type", "application/octet-stream")
        .POST(BodyPublishers.ofByteArray(body))
        .build();
  }

  int status(HttpRequest request) throws IOException, InterruptedException {
    return http.send(request, BodyHandlers.discarding()).statusCode();
  }

  /**
   * Sends requests at a constant rate, each of which has to be answered 200. Each result is the
   * time in milliseconds from when the request was due to its response.
   */
  List<Future<Double>> send(
      HttpRequest request, int aSecond, int seconds, ExecutorService threads) {
    long start = System.nanoTime();
    List<Future<Double>> answered = new ArrayList<>();
    for (int i = 0; i < seconds * aSecond; i++) {
      long due = start + TimeUnit.SECONDS.toNanos(i) / aSecond;
      answered.add(
          threads.submit(() -> {
            TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
            int status = status(request);
            if (status != 200) {
              throw new IllegalStateException("a request was answered " + status);
            }
            return (System.nanoTime() - due) / 1e6;
          }));
    }
    return answered;
  }

  @Override
  public void close() {
    http.close();
  }
}

package dev.hookwell.local.metrics;

import dev.hookwell.local.machine.ListenAddresses;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.InetAddress;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * {@code /metrics} for Prometheus, on a port of its own and on loopback alone. On the gateway's
 * port, a request that a proxy passes on would look like one from this machine.
 */
public final class MetricsServer implements AutoCloseable {
  private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private static final Set<HttpMethod> READS = Set.of(HttpMethod.GET, HttpMethod.HEAD);

  private final Vertx vertx = Vertx.vertx();

  /** One response at a time: each may wait for the disk and the database. */
  private final ExecutorService answers =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("metrics").factory());

  private final Supplier<String> text;

  private MetricsServer(Supplier<String> text) {
    this.text = text;
  }

  /**
   * Starts it.
   *
   * @param port claimed before, free on all of loopback
   * @param text gives the text, at each scrape
   */
  public static MetricsServer start(int port, Supplier<String> text) {
    MetricsServer server = new MetricsServer(text);
    for (InetAddress address : ListenAddresses.loopback().all()) {
      HttpServer listener = server.vertx.createHttpServer().requestHandler(server::answer);
      listener
          .listen(port, ListenAddresses.text(address))
          .toCompletionStage()
          .toCompletableFuture()
          .join();
    }
    return server;
  }

  private void answer(HttpServerRequest request) {
    if (!"/metrics".equals(request.path())) {
      request.response().setStatusCode(404).end();
    } else if (!READS.contains(request.method())) {
      request.response().setStatusCode(405).putHeader("Allow", "GET, HEAD").end();
    } else {
      answers.execute(() -> tell(request.response()));
    }
  }

  private void tell(HttpServerResponse response) {
    String told = text.get();
    if (!response.closed()) {
      response.putHeader("Content-Type", TYPE).end(told);
    }
  }

  @Override
  public void close() {
    answers.shutdownNow();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}

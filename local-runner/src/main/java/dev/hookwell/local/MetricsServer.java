package dev.hookwell.local;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.util.function.Supplier;

/**
 * {@code /metrics} for Prometheus, on a port of its own and on loopback alone: behind a proxy,
 * whoever asks would look like a neighbour on the gateway's port.
 */
final class MetricsServer implements AutoCloseable {
  private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final Vertx vertx = Vertx.vertx();
  private final Supplier<String> text;

  private MetricsServer(Supplier<String> text) {
    this.text = text;
  }

  /**
   * Starts it.
   *
   * @param port claimed before, free on all of loopback
   * @param text asked for at each call
   */
  static MetricsServer start(int port, Supplier<String> text) {
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
    if ("/metrics".equals(request.path())) {
      request.response().putHeader("Content-Type", TYPE).end(text.get());
    } else {
      request.response().setStatusCode(404).end();
    }
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}

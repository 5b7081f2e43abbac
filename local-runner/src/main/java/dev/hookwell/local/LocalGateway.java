package dev.hookwell.local;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.net.BindException;
import java.net.URI;
import java.time.Clock;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/**
 * An HTTP server on 127.0.0.1 that behaves as an API Gateway HTTP API with two Lambda integrations:
 * {@code ANY /h/{proxy+}} and {@code $default}. It is as strict as the cloud where that is known; a
 * kinder one would hide faults until production. Functions run on virtual threads. Thread-safe.
 */
public final class LocalGateway implements AutoCloseable {
  private static final String HOST = "127.0.0.1";
  private static final int BACKLOG = 4096;
  private static final int IDLE_SECONDS = 60;

  private final FunctionInvoker ingest;
  private final FunctionInvoker api;
  private final GatewaySettings settings;
  private final RandomGenerator random;
  private final GatewayEventWriter writer;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Vertx vertx;
  private final HttpServer server;
  private final AtomicBoolean closed = new AtomicBoolean();

  private LocalGateway(
      LocalFunction ingest,
      LocalFunction api,
      Clock clock,
      RandomGenerator random,
      GatewaySettings settings) {
    this.settings = settings;
    this.random = random;
    this.writer = new GatewayEventWriter(settings, clock, random);
    this.ingest = new FunctionInvoker(ingest, threads, clock, settings);
    this.api = new FunctionInvoker(api, threads, clock, settings);
    this.vertx =
        Vertx.vertx(
            new VertxOptions()
                // No files are served, so no cache folder is left behind either.
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false)));
    HttpServerOptions options = options(settings);
    this.server =
        vertx
            .createHttpServer(options)
            .connectionHandler(connection -> StrictRequestDecoder.installOn(connection, options));
  }

  private static HttpServerOptions options(GatewaySettings settings) {
    return new HttpServerOptions()
        .setHost(HOST)
        .setPort(settings.port())
        .setAcceptBacklog(BACKLOG)
        .setIdleTimeout(IDLE_SECONDS)
        // Above our own limit, which counts both together and answers for itself.
        .setMaxInitialLineLength(2 * settings.maxHeadBytes())
        .setMaxHeaderSize(2 * settings.maxHeadBytes())
        .setHttp2ClearTextEnabled(false);
  }

  /**
   * Starts it.
   *
   * @param random a cryptographically strong, thread-safe generator, for request ids
   * @throws PortInUseException when the port is taken
   */
  public static LocalGateway start(
      LocalFunction ingest,
      LocalFunction api,
      Clock clock,
      RandomGenerator random,
      GatewaySettings settings) {
    LocalGateway gateway = new LocalGateway(ingest, api, clock, random, settings);
    try {
      gateway.listen();
      return gateway;
    } catch (CompletionException e) {
      gateway.close();
      throw e.getCause() instanceof BindException
          ? new PortInUseException(settings.port(), e)
          : new IllegalStateException("the gateway cannot listen", e);
    }
  }

  private void listen() {
    await(
        server
            .requestHandler(this::receive)
            .invalidRequestHandler(LocalGateway::refuseInvalid)
            .listen());
  }

  /** Where it listens. */
  public URI address() {
    return URI.create("http://" + HOST + ":" + server.actualPort());
  }

  private void receive(HttpServerRequest request) {
    Context loop = vertx.getOrCreateContext();
    GatewayExchange exchange = new GatewayExchange(request, settings);
    exchange.receive(whole ->
        threads.execute(() -> {
          GatewayAnswer answer = respond(whole);
          loop.runOnContext(_ -> exchange.answer(answer));
        }));
  }

  private GatewayAnswer respond(IncomingRequest request) {
    String requestId = requestId();
    Optional<byte[]> event = writer.write(request, requestId);
    if (event.isEmpty()) {
      return GatewayAnswer.refusal(413, "Request Entity Too Large");
    }
    try {
      FunctionInvoker function = request.target().isHook() ? ingest : api;
      return function.invoke(event.get(), requestId);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return GatewayAnswer.refusal(503, "Service Unavailable");
    }
  }

  /** What the HTTP decoder refused. The connection is closed: its next byte could mean anything. */
  private static void refuseInvalid(HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    boolean tooLong =
        cause instanceof TooLongHttpHeaderException || cause instanceof TooLongHttpLineException;
    GatewayAnswer refusal =
        tooLong
            ? GatewayAnswer.refusal(431, "Request Header Fields Too Large")
            : GatewayAnswer.refusal(400, "Bad Request");
    request
        .response()
        .setStatusCode(refusal.status())
        .putHeader("content-type", "application/json")
        .putHeader("connection", "close")
        .end(Buffer.buffer(refusal.body().toByteArray()))
        .onComplete(_ -> request.connection().close());
  }

  private String requestId() {
    byte[] bytes = new byte[11];
    random.nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }

  /** Stops accepting, lets the requests under way finish, and then ends everything. */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    await(server.shutdown(settings.integrationTimeout().toMillis(), TimeUnit.MILLISECONDS));
    threads.shutdownNow();
    await(vertx.close());
  }

  private static void await(Future<?> future) {
    future.toCompletionStage().toCompletableFuture().join();
  }
}

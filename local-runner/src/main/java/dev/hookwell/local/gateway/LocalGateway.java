package dev.hookwell.local.gateway;

import dev.hookwell.local.machine.HeapShares;
import dev.hookwell.local.machine.ListenAddresses;
import dev.hookwell.local.machine.PortInUseException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.net.BindException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/**
 * An HTTP server that behaves as an API Gateway HTTP API with three Lambda integrations: {@code ANY
 * /h/{proxy+}}, {@code ANY /s/{proxy+}} and {@code $default}. It is as strict as the cloud where
 * that is known; a more lenient one would hide faults until production. Functions run on virtual
 * threads. Thread-safe.
 */
public final class LocalGateway implements AutoCloseable {
  private static final int BACKLOG = 4096;

  /** Between two checks for connections that take too long. */
  private static final Duration CHECKS = Duration.ofMillis(250);

  private final FunctionInvoker ingest;
  private final FunctionInvoker respond;
  private final FunctionInvoker api;
  private final FunctionInvoker lists;
  private final Semaphore scripted;
  private final GatewayConnections connections;
  private final GatewaySettings settings;
  private final RandomGenerator random;
  private final GatewayEventWriter writer;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Vertx vertx;
  private final List<HttpServer> servers;
  private final AtomicBoolean closed = new AtomicBoolean();

  private LocalGateway(
      LocalFunction ingest,
      LocalFunction respond,
      LocalFunction api,
      Clock clock,
      RandomGenerator random,
      GatewaySettings settings) {
    this.settings = settings;
    this.random = random;
    this.writer = new GatewayEventWriter(settings, clock, random);
    this.connections = new GatewayConnections(settings.shares(), settings.patience().spare());
    HeapShares shares = settings.shares();
    int small = shares.smallInvocations();
    long large = shares.largeInvocations();
    this.ingest = invoker(ingest, small, large, clock);
    this.respond = invoker(respond, small, shares.largeScriptedInvocations(), clock);
    this.api = invoker(api, small, large, clock);
    this.lists = invoker(api, shares.lists(), large, clock);
    this.scripted = new Semaphore(shares.scriptedRequests());
    this.vertx =
        Vertx.vertx(
            new VertxOptions()
                // With one event loop, the state that all connections share needs no lock.
                .setEventLoopPoolSize(1)
                // No files are served, so no cache folder is left behind either.
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false)));
    this.servers =
        settings.addresses().all().stream().map(address -> server(settings, address)).toList();
  }

  /**
   * A server for one address. All servers share the event loop and the state of the connections.
   */
  private HttpServer server(GatewaySettings settings, InetAddress address) {
    HttpServerOptions options = options(settings).setHost(ListenAddresses.text(address));
    return vertx
        .createHttpServer(options)
        .connectionHandler(connection ->
            GatewayConnection.watch(connection, options, connections, settings.patience()));
  }

  private FunctionInvoker invoker(LocalFunction function, int atOnce, long large, Clock clock) {
    Turns turns = new Turns(Math.min(function.concurrency(), atOnce), large);
    return new FunctionInvoker(function, turns, threads, clock, settings);
  }

  private static HttpServerOptions options(GatewaySettings settings) {
    return new HttpServerOptions()
        .setPort(settings.port())
        .setAcceptBacklog(BACKLOG)
        // Above our own limit, which counts both together and has a response of its own.
        .setMaxInitialLineLength(2 * settings.maxHeadBytes())
        .setMaxHeaderSize(2 * settings.maxHeadBytes())
        .setHttp2ClearTextEnabled(false);
  }

  /** The same without scripts: ingest takes all requests to hooks. */
  public static LocalGateway start(
      LocalFunction ingest,
      LocalFunction api,
      Clock clock,
      RandomGenerator random,
      GatewaySettings settings) {
    return start(ingest, ingest, api, clock, random, settings);
  }

  /**
   * Starts it.
   *
   * @param random a cryptographically strong, thread-safe generator, for request ids
   * @throws PortInUseException when the port is taken
   */
  public static LocalGateway start(
      LocalFunction ingest,
      LocalFunction respond,
      LocalFunction api,
      Clock clock,
      RandomGenerator random,
      GatewaySettings settings) {
    LocalGateway gateway = new LocalGateway(ingest, respond, api, clock, random, settings);
    try {
      gateway.listen();
      return gateway;
    } catch (RuntimeException e) {
      gateway.close();
      throw e;
    }
  }

  private void listen() {
    vertx.setPeriodic(CHECKS.toMillis(), _ -> connections.check());
    int port = settings.port();
    for (int i = 0; i < servers.size(); i++) {
      HttpServer server = servers.get(i);
      server.requestHandler(this::receive).invalidRequestHandler(this::refuseInvalid);
      String address = ListenAddresses.text(settings.addresses().all().get(i));
      try {
        await(server.listen(port, address));
      } catch (CompletionException e) {
        throw e.getCause() instanceof BindException
            ? new PortInUseException(port, address, e)
            : new IllegalStateException("the gateway cannot listen", e);
      }
      // A free port that the first server took is the others', too.
      port = server.actualPort();
    }
  }

  /** The URL of its first address. */
  public URI address() {
    return URI.create(settings.addresses().url(servers.getFirst().actualPort()));
  }

  private void receive(HttpServerRequest request) {
    Context loop = vertx.getOrCreateContext();
    GatewayExchange exchange = exchange(request);
    exchange.receive(whole ->
        threads.execute(() -> {
          try {
            WireResponse response = respond(whole, exchange);
            loop.runOnContext(_ -> exchange.respond(response));
          } catch (RejectedExecutionException _) {
            // The gateway has closed meanwhile, and its connections with it.
          }
        }));
  }

  private GatewayExchange exchange(HttpServerRequest request) {
    return new GatewayExchange(
        request, settings, GatewayConnection.of(request.connection()), connections);
  }

  /**
   * Bounds the requests that wait for a script, or for its delay, so that they leave room for
   * others. One too many is refused at once, as a throttle would.
   */
  private WireResponse respond(IncomingRequest request, GatewayExchange exchange) {
    if (!request.target().isScripted()) {
      return invoke(request, exchange);
    }
    if (!scripted.tryAcquire()) {
      exchange.bodyIsDone();
      return WireResponse.busy();
    }
    try {
      return invoke(request, exchange);
    } finally {
      scripted.release();
    }
  }

  private WireResponse invoke(IncomingRequest request, GatewayExchange exchange) {
    String requestId = requestId();
    try {
      return function(request)
          .invoke(
              heapBytes(request),
              () -> {
                Optional<BoundedOutput> event = writer.write(request, requestId);
                exchange.bodyIsDone();
                return event;
              },
              requestId);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return WireResponse.refusal(503, "Service Unavailable");
    } finally {
      exchange.bodyIsDone();
    }
  }

  private FunctionInvoker function(IncomingRequest request) {
    if (request.target().isScripted()) {
      return respond;
    }
    if (request.target().isHook()) {
      return ingest;
    }
    return request.target().path().contains("/captures") ? lists : api;
  }

  /**
   * Bytes of the heap that an invocation takes; 0 for a small one, which is counted by its turn
   * alone.
   */
  private static long heapBytes(IncomingRequest request) {
    long body = request.body().size();
    // The body as it came, joined, and decoded again; its JSON as bytes, as characters, and as a
    // string.
    return body <= HeapShares.SMALL_BODY ? 0 : 3 * body + 4 * GatewayEventWriter.bodyBytes(request);
  }

  /** Answers a request that the HTTP decoder refused. */
  private void refuseInvalid(HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    boolean tooLong =
        cause instanceof TooLongHttpHeaderException || cause instanceof TooLongHttpLineException;
    exchange(request)
        .refuse(
            tooLong
                ? WireResponse.refusal(431, "Request Header Fields Too Large")
                : WireResponse.refusal(400, "Bad Request"));
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
    vertx.runOnContext(_ -> connections.close());
    long patience = settings.integrationTimeout().toMillis();
    await(
        Future.join(
            servers.stream()
                .map(server -> server.shutdown(patience, TimeUnit.MILLISECONDS))
                .toList()));
    threads.shutdownNow();
    await(vertx.close());
  }

  private static void await(Future<?> future) {
    future.toCompletionStage().toCompletableFuture().join();
  }
}

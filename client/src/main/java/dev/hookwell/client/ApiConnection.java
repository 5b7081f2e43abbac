package dev.hookwell.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;

/**
 * Calls the API of a server. For several threads.
 *
 * <p>Redirects are not followed, so that a key goes to no other address than it was given for.
 */
final class ApiConnection {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /** No response is longer: bodies have 4 MiB, lists 1 MiB. */
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private static final String GIVEN_UP = "the connection was given up";

  private final URI server;
  private final String userAgent;
  private final Map<Long, CompletableFuture<?>> calls = new ConcurrentHashMap<>();
  private final AtomicLong numbers = new AtomicLong();
  private volatile HttpClient http = connect();
  private volatile boolean ended;
  private volatile Supplier<Duration> patience = () -> Duration.ofDays(1);

  ApiConnection(URI server, String version) {
    this.server = server;
    this.userAgent = "hookwell/" + version;
  }

  private static HttpClient connect() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(CONNECT_TIMEOUT)
        .build();
  }

  /** Sets the longest time to wait for a response. It is read when a call begins. */
  void answerWithin(Supplier<Duration> most) {
    patience = most;
  }

  /** Gives up the calls that are under way and every open connection: they may be dead. */
  void reconnect() {
    http = connect();
    giveUp();
  }

  /** Gives up the calls that are under way, and all that begin from now on. */
  void end() {
    ended = true;
    giveUp();
  }

  private void giveUp() {
    calls.values().forEach(call -> call.cancel(true));
  }

  /**
   * Sends a request.
   *
   * @param wait how long the server may take by intention
   * @param read makes a value of a response that succeeded
   */
  <T> ApiResult<T> send(
      HttpRequest.Builder request, Duration wait, Function<HttpResponse<byte[]>, T> read) {
    CompletableFuture<HttpResponse<byte[]>> call =
        http.sendAsync(request.header("User-Agent", userAgent).build(), BodyHandlers.ofByteArray());
    long number = numbers.incrementAndGet();
    calls.put(number, call);
    if (ended) {
      // The end came before the call was registered, and so could not give it up.
      call.cancel(true);
    }
    try {
      long most = Math.min(TIMEOUT.plus(wait).toMillis(), patience.get().toMillis());
      HttpResponse<byte[]> response = call.get(most, TimeUnit.MILLISECONDS);
      return response.statusCode() / 100 == 2
          ? new ApiResult.Got<>(read.apply(response))
          : new ApiResult.Failed<>(Refusals.of(server, response));
    } catch (MalformedJsonException e) {
      // Not REJECTED: a captive portal answers for every server until the user has signed in.
      return unreachable("what responds is no Hookwell (" + e.getMessage() + ")");
    } catch (ExecutionException e) {
      return unreachable(reason(e.getCause() == null ? e : e.getCause()));
    } catch (CancellationException e) {
      return unreachable(GIVEN_UP);
    } catch (TimeoutException e) {
      call.cancel(true);
      return unreachable("no response in time (is the network there?)");
    } catch (InterruptedException e) {
      call.cancel(true);
      Thread.currentThread().interrupt();
      return unreachable("interrupted");
    } finally {
      calls.remove(number);
    }
  }

  private <T> ApiResult<T> unreachable(String reason) {
    return new ApiResult.Failed<>(
        Failure.of(Failure.Kind.UNREACHABLE, "can't reach " + server + ": " + reason));
  }

  /**
   * The reason that a person can act on. Exceptions of the network have many causes, and short
   * messages.
   */
  private static String reason(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CancellationException) {
        return GIVEN_UP;
      }
      if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
        return "its name is not known here (is it right, and the network there?)";
      }
      if (cause instanceof SSLException) {
        return tls(String.valueOf(cause.getMessage()));
      }
    }
    if (failure instanceof HttpConnectTimeoutException) {
      return "no connection in time (is the network there, and is this its address?)";
    }
    if (failure instanceof ConnectException) {
      return Optional.ofNullable(failure.getMessage())
              .map(message -> message.toLowerCase(Locale.ROOT))
              .orElse("connection refused")
          + " (is it running, and is this its address?)";
    }
    if (failure instanceof IOException) {
      return Optional.ofNullable(failure.getMessage())
          .map(Printable::line)
          .map(message -> message.contains("received no bytes") ? "no response came" : message)
          .orElse("the connection broke");
    }
    throw new IllegalStateException(failure);
  }

  private static String tls(String message) {
    if (message.contains("plaintext connection")) {
      return "it doesn't speak TLS there: use http://";
    }
    if (message.contains("PKIX") || message.contains("subject alternative")) {
      return "its certificate is not trusted by this Java; one of your own goes into a trust store:"
          + " JDK_JAVA_OPTIONS=-Djavax.net.ssl.trustStore=FILE";
    }
    return "TLS failed: "
        + Printable.line(message)
        + " (does it speak TLS there, as https:// says?)";
  }
}

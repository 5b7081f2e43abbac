package dev.hookwell.local;

import dev.hookwell.capture.Body;
import dev.hookwell.capture.Header;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One request's way in and its answer's way out. Everything here runs on the connection's event
 * loop. A request that breaks off makes no event.
 */
final class GatewayExchange {
  private static final Set<HttpMethod> METHODS =
      Set.of(
          HttpMethod.GET,
          HttpMethod.HEAD,
          HttpMethod.POST,
          HttpMethod.PUT,
          HttpMethod.PATCH,
          HttpMethod.DELETE,
          HttpMethod.OPTIONS);

  /** In the order of HTTP's own list; it must come with a 405 (RFC 9110, 15.5.6). */
  private static final String ALLOW = "GET, HEAD, POST, PUT, DELETE, OPTIONS, PATCH";

  private final HttpServerRequest request;
  private final GatewaySettings settings;
  private final BoundedOutput body;
  private boolean answered;
  private long droppedBytes;

  GatewayExchange(HttpServerRequest request, GatewaySettings settings) {
    this.request = request;
    this.settings = settings;
    this.body = new BoundedOutput(settings.maxPayloadBytes());
  }

  /**
   * Reads the request, or refuses it.
   *
   * @param whole takes the request once all of it is here, and must not block
   */
  void receive(Consumer<IncomingRequest> whole) {
    // Without a handler Vert.x would report a sender that broke off as our failure.
    request.exceptionHandler(_ -> {});
    Optional<RequestTarget> target = RequestTarget.parse(request.uri());
    if (target.isEmpty() || isAmbiguous()) {
      refuse(400, "Bad Request");
    } else if (!METHODS.contains(request.method())) {
      request.response().putHeader("allow", ALLOW);
      refuse(405, "Method Not Allowed");
    } else if (headBytes() > settings.maxHeadBytes()) {
      refuse(431, "Request Header Fields Too Large");
    } else if (declaredBytes() > settings.maxPayloadBytes()) {
      refuse(413, "Request Entity Too Large");
    } else {
      if ("100-continue".equalsIgnoreCase(request.getHeader("expect"))) {
        request.response().writeContinue();
      }
      request.handler(this::append);
      request.endHandler(_ -> complete(target.get(), whole));
    }
  }

  private void append(Buffer chunk) {
    body.write(chunk.getBytes(), 0, chunk.length());
    if (body.exceeded()) {
      refuse(413, "Request Entity Too Large");
    }
  }

  private void complete(RequestTarget target, Consumer<IncomingRequest> whole) {
    if (answered) {
      return;
    }
    List<Header> headers = new ArrayList<>();
    for (Map.Entry<String, String> header : request.headers()) {
      headers.add(new Header(header.getKey(), header.getValue()));
    }
    whole.accept(
        new IncomingRequest(
            request.method().name(),
            target,
            request.version() == HttpVersion.HTTP_1_0 ? "HTTP/1.0" : "HTTP/1.1",
            headers,
            Body.copyOf(body.toByteArray()),
            request.remoteAddress().hostAddress(),
            request.localAddress().port()));
  }

  /**
   * Answers without the function. What is still to come of the request is read and dropped, since
   * closing a socket with unread bytes takes the answer back from the sender.
   */
  private void refuse(int status, String message) {
    if (!answered) {
      request.response().putHeader("connection", "close");
      request.handler(this::drop);
      request.endHandler(_ -> request.connection().close());
      answer(GatewayAnswer.refusal(status, message));
    }
  }

  private void drop(Buffer chunk) {
    droppedBytes += chunk.length();
    if (droppedBytes > settings.maxPayloadBytes()) {
      request.connection().close();
    }
  }

  /** Whether another server could read the same bytes as another request. */
  private boolean isAmbiguous() {
    List<String> hosts = request.headers().getAll("host");
    List<String> encodings = request.headers().getAll("transfer-encoding");
    if (request.version() == HttpVersion.HTTP_1_0) {
      return hosts.size() > 1 || !encodings.isEmpty();
    }
    boolean chunkedOrNone = encodings.stream().allMatch("chunked"::equalsIgnoreCase);
    return hosts.size() != 1 || encodings.size() > 1 || !chunkedOrNone;
  }

  /** Sends the answer. The sender may be gone by then; that is nobody's failure. */
  void answer(GatewayAnswer answer) {
    answered = true;
    HttpServerResponse response = request.response();
    if (response.closed()) {
      return;
    }
    response.setStatusCode(answer.status());
    for (Header header : answer.headers()) {
      response.headers().add(header.name(), header.value());
    }
    boolean head = request.method().equals(HttpMethod.HEAD);
    // Ours leave the body out themselves, and then its length is not known.
    if (answer.mayHaveBody() && !(head && answer.body().isEmpty())) {
      response.putHeader("content-length", Integer.toString(answer.body().size()));
    }
    if (head || !answer.mayHaveBody()) {
      response.end();
    } else {
      response.end(Buffer.buffer(answer.body().toByteArray()));
    }
  }

  /** Request line and headers as they lay on the wire. */
  private long headBytes() {
    long bytes = length(request.method().name(), request.uri(), "  HTTP/1.1\r\n");
    for (Map.Entry<String, String> header : request.headers()) {
      bytes += length(header.getKey(), ": ", header.getValue(), "\r\n");
    }
    return bytes;
  }

  private static long length(String... parts) {
    long length = 0;
    for (String part : parts) {
      length += part.length();
    }
    return length;
  }

  private long declaredBytes() {
    String length = request.getHeader("content-length");
    try {
      return length == null ? 0 : Long.parseLong(length);
    } catch (NumberFormatException _) {
      return 0;
    }
  }
}

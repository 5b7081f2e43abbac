package dev.hookwell.intake;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpFullResponse;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * An HTTP client that can simulate the sending of messages, so that the classes for it are loaded
 * before the first sender waits for them. A simulated message does not leave the process. Only a
 * GET of the server's root does, which opens the connection that the first real message then uses.
 * The simulated response holds the checksum of the priming message: the SDK would treat any other
 * message as not kept.
 */
public final class PrimedHttpClient implements SdkHttpClient {
  private final SdkHttpClient http;

  /** The simulated response to every message; empty while messages are really sent. */
  private volatile Optional<String> response = Optional.empty();

  public PrimedHttpClient(SdkHttpClient http) {
    this.http = http;
  }

  /** From now on the sending of messages is simulated. */
  void respondToAll(String json) {
    response = Optional.of(json);
  }

  /** From now on messages are really sent. */
  void sendAll() {
    response = Optional.empty();
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return response
        .map(json -> answered(request.httpRequest().getUri(), json))
        .orElseGet(() -> http.prepareRequest(request));
  }

  private ExecutableHttpRequest answered(URI uri, String json) {
    return new ExecutableHttpRequest() {
      @Override
      public HttpExecuteResponse call() {
        connect(uri);
        return ok(json);
      }

      @Override
      public void abort() {
        // It ends by itself, within the client's timeouts.
      }
    };
  }

  private void connect(URI uri) {
    SdkHttpRequest root =
        SdkHttpRequest.builder().method(SdkHttpMethod.GET).uri(uri.resolve("/")).build();
    try {
      HttpExecuteResponse response =
          http.prepareRequest(HttpExecuteRequest.builder().request(root).build()).call();
      if (response.responseBody().isPresent()) {
        // Only a connection whose response was read to its end is used again.
        try (AbortableInputStream body = response.responseBody().get()) {
          body.readAllBytes();
        }
      }
    } catch (IOException _) {
      // A server that cannot be reached fails the first real message.
    }
  }

  private static HttpExecuteResponse ok(String json) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    return HttpExecuteResponse.builder()
        .response(
            SdkHttpFullResponse.builder()
                .statusCode(200)
                .putHeader("content-type", "application/x-amz-json-1.0")
                .build())
        .responseBody(AbortableInputStream.create(new ByteArrayInputStream(body)))
        .build();
  }

  @Override
  public void close() {
    http.close();
  }

  @Override
  public String clientName() {
    return http.clientName();
  }
}

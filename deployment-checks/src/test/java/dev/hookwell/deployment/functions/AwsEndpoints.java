package dev.hookwell.deployment.functions;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Services that functions in other processes call, and that are not there in a test: {@code
 * GetSecretValue} of Secrets Manager, and the address at which CloudFormation waits for a custom
 * resource.
 */
final class AwsEndpoints implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, String> secrets;
  private final List<String> resources = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  AwsEndpoints(Map<String, String> secrets) throws IOException {
    this.secrets = secrets;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/secrets", this::answerSecret);
    server.createContext("/resource", this::takeResource);
    server.start();
  }

  /** For {@code AWS_ENDPOINT_URL_SECRETS_MANAGER}. */
  String secretsUrl() {
    return url("/secrets");
  }

  /** For {@code ResponseURL}. */
  String resourceUrl() {
    return url("/resource");
  }

  /** The responses of custom resources. */
  List<String> resources() {
    return resources;
  }

  private String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private void answerSecret(HttpExchange exchange) throws IOException {
    String name = JSON.readTree(exchange.getRequestBody().readAllBytes()).path("SecretId").asText();
    boolean known = secrets.containsKey(name);
    byte[] answer =
        JSON.writeValueAsBytes(
            known
                ? Map.of("Name", name, "SecretString", secrets.getOrDefault(name, ""))
                : Map.of("__type", "ResourceNotFoundException"));
    exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
    exchange.sendResponseHeaders(known ? 200 : 400, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  private void takeResource(HttpExchange exchange) throws IOException {
    resources.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}

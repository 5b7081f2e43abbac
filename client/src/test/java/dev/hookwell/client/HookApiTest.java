package dev.hookwell.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

final class HookApiTest {
  /** A client that is ended between two calls must not wait for the second. */
  @Test
  void aCallThatBeginsAfterTheEndIsGivenUp() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String url = "http://127.0.0.1:%d/h/%s".formatted(silent.getLocalPort(), "A".repeat(44));
      HookApi api = new HookApi(HookLink.parse(url).orElseThrow(), "key", "1");

      api.end();
      ApiResult<Hook> result = api.hook();

      Failure failure = ((ApiResult.Failed<Hook>) result).failure();
      assertEquals(Failure.Kind.UNREACHABLE, failure.kind());
      assertTrue(failure.message().endsWith("the connection was given up"), failure.message());
    }
  }
}

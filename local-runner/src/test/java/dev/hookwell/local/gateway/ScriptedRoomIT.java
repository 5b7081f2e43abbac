package dev.hookwell.local.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.hookwell.local.Client;
import dev.hookwell.local.Deadline;
import dev.hookwell.local.LocalFunctions;
import dev.hookwell.local.machine.HeapShares;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** The hook path has room even when all requests on the hook path with scripts hang. */
final class ScriptedRoomIT {
  private static final RequestStreamHandler OK =
      (in, out, context) ->
          out.write("{\"statusCode\":200,\"body\":\"ok\"}".getBytes(StandardCharsets.UTF_8));

  @Test
  void asManyAsThereIsRoomForHangOneMoreIsRefusedAndTheHookPathIsServed() throws Exception {
    HeapShares shares = new HeapShares(256L << 20);
    int room = shares.scriptedRequests();
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch waiting = new CountDownLatch(Math.min(room, shares.smallInvocations()));
    RequestStreamHandler hanging =
        (in, out, context) -> {
          waiting.countDown();
          try {
            release.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          OK.handleRequest(in, out, context);
        };
    try (LocalGateway gateway =
            LocalGateway.start(
                new LocalFunction("ingest", LocalFunctions.INGEST_TIMEOUT, OK),
                new LocalFunction("respond", Duration.ofMinutes(1), hanging),
                new LocalFunction("api", LocalFunctions.API_TIMEOUT, OK),
                Clock.systemUTC(),
                new SecureRandom(),
                GatewaySettings.ofAws(0)
                    .withIntegrationTimeout(Duration.ofMinutes(1))
                    .withShares(shares));
        Client client = new Client(gateway.address());
        ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> sent = new ArrayList<>();
      for (int i = 0; i < room; i++) {
        sent.add(senders.submit(() -> status(client, "/s/x")));
      }
      waiting.await();
      // Some still wait for their turn: that all have come is seen by one more that is refused.
      Deadline deadline = Deadline.inSeconds(60);
      while (sent.stream().noneMatch(Future::isDone)) {
        deadline.check("one more is refused");
        sent.add(senders.submit(() -> status(client, "/s/x")));
        Thread.sleep(50);
      }

      for (int i = 0; i < 100; i++) {
        assertEquals(200, status(client, "/h/x"));
      }
      assertEquals(200, status(client, "/api/health"));
      release.countDown();
      List<Integer> statuses = new ArrayList<>();
      for (Future<Integer> response : sent) {
        statuses.add(response.get());
      }
      assertEquals(room, Collections.frequency(statuses, 200));
      assertEquals(sent.size() - room, Collections.frequency(statuses, 503));
      assertEquals(200, status(client, "/s/x"));
    }
  }

  private static int status(Client client, String path) {
    return client.send(HttpRequest.newBuilder(client.address().resolve(path)).GET()).statusCode();
  }
}

package dev.hookwell.local.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.local.Deadline;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A gateway that closes with requests under way, as after a warm-up on a slow machine. */
final class GatewayCloseIT {
  private static final int REQUESTS = 200;

  @Test
  void requestsWhoseSendersAreGonePrintNothingWhenItCloses() throws Exception {
    List<Throwable> uncaught = new CopyOnWriteArrayList<>();
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((_, failure) -> uncaught.add(failure));
    AtomicInteger running = new AtomicInteger();
    AtomicInteger ended = new AtomicInteger();
    LocalFunction slow =
        new LocalFunction(
            "slow",
            Duration.ofSeconds(6),
            REQUESTS,
            (_, _, _) -> {
              running.incrementAndGet();
              try {
                TimeUnit.SECONDS.sleep(60);
              } catch (InterruptedException _) {
                ended.incrementAndGet();
              }
            });
    try {
      LocalGateway gateway =
          LocalGateway.start(
              slow, slow, Clock.systemUTC(), new SecureRandom(), GatewaySettings.ofAws(0));
      List<Socket> senders = new ArrayList<>();
      for (int i = 0; i < REQUESTS; i++) {
        senders.add(send(gateway.address().getPort()));
      }
      Deadline deadline = Deadline.inSeconds(60);
      while (running.get() == 0) {
        deadline.check("nothing arrived");
        TimeUnit.MILLISECONDS.sleep(20);
      }
      for (Socket sender : senders) {
        sender.close();
      }
      gateway.close();
      while (ended.get() < running.get()) {
        deadline.check("not all have ended");
        TimeUnit.MILLISECONDS.sleep(20);
      }
      assertTrue(running.get() > 0);
      assertEquals(List.of(), uncaught);
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }

  private static Socket send(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    OutputStream out = socket.getOutputStream();
    out.write("GET /h/x HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    out.flush();
    return socket;
  }
}

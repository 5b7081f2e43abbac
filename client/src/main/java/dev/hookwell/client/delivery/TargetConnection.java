package dev.hookwell.client.delivery;

import dev.hookwell.client.Printable;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to a target, one after another, over a connection that is kept while one follows
 * the other closely. For one thread.
 */
public final class TargetConnection implements AutoCloseable {
  /** Shorter than servers keep an idle connection: most take 5 seconds and more. */
  private static final Duration REUSE = Duration.ofSeconds(1);

  /** Short: the status is known, and the rest of the response is not worth more. */
  private static final int BODY_MILLIS = 1_000;

  private final Target target;
  private final Trust trust;
  private final Duration timeout;
  private final Clock clock;
  private final ScheduledExecutorService timer;
  private TargetSocket.@Nullable Connected open;
  private Instant lastUsed = Instant.EPOCH;

  /**
   * Connects to nothing yet.
   *
   * @param timeout for a whole delivery
   * @param timer ends deliveries that take too long
   */
  public TargetConnection(
      Target target, Trust trust, Duration timeout, Clock clock, ScheduledExecutorService timer) {
    this.target = target;
    this.trust = trust;
    this.timeout = timeout;
    this.clock = clock;
    this.timer = timer;
  }

  /** Sends one request and waits for the response. */
  public Delivery send(DeliveryRequest request) {
    TargetSocket.Connected kept = open;
    if (kept != null) {
      open = null;
      if (Duration.between(lastUsed, clock.instant()).abs().compareTo(REUSE) < 0) {
        Exchange exchange = new Exchange(kept);
        Delivery delivery = exchange.run(request);
        if (!(delivery instanceof Delivery.Failed failed
            && failed.cause() == Delivery.Cause.BROKEN
            && !exchange.begun)) {
          return delivery;
        }
        // The target had closed it meanwhile, as it may: the request begins anew.
      } else {
        kept.close();
      }
    }
    try {
      return new Exchange(TargetSocket.connect(target, trust, timeout)).run(request);
    } catch (TargetSocket.NotConnectedException e) {
      return new Delivery.Failed(e.reason, String.valueOf(e.getMessage()));
    }
  }

  /** A request and its response on one connection. */
  private final class Exchange {
    private final TargetSocket.Connected connection;
    private final Socket socket;
    private volatile boolean late;
    private boolean begun;

    Exchange(TargetSocket.Connected connection) {
      this.connection = connection;
      this.socket = connection.socket();
    }

    Delivery run(DeliveryRequest request) {
      ScheduledFuture<?> end =
          timer.schedule(
              () -> {
                late = true;
                connection.close();
              },
              timeout.toMillis(),
              TimeUnit.MILLISECONDS);
      try {
        return exchange(request);
      } catch (IOException e) {
        connection.close();
        return late || e instanceof SocketTimeoutException
            ? new Delivery.Failed(
                Delivery.Cause.TIMED_OUT, "no response within " + timeout.toMillis() + " ms")
            : new Delivery.Failed(Delivery.Cause.BROKEN, reason(e));
      } finally {
        end.cancel(false);
      }
    }

    private Delivery exchange(DeliveryRequest request) throws IOException {
      ResponseReader reader = new ResponseReader(new BufferedInputStream(socket.getInputStream()));
      ResponseReader.Head head;
      try {
        socket.setSoTimeout(0);
        write(request);
        head = reader.readHead(request.method());
      } finally {
        begun = reader.hasBegun();
      }
      keep(reader, head);
      return new Delivery.Responded(head.status(), head.location().map(Printable::line));
    }

    /** A target may refuse a large body half-way and close. Its response can still be read. */
    private void write(DeliveryRequest request) throws IOException {
      try {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(request.head());
        if (request.body().size() <= 16 * 1024) {
          request.body().writeTo(all);
          all.writeTo(socket.getOutputStream());
        } else {
          all.writeTo(socket.getOutputStream());
          request.body().writeTo(socket.getOutputStream());
        }
      } catch (SocketException e) {
        if (late) {
          throw e;
        }
      }
    }

    private void keep(ResponseReader reader, ResponseReader.Head head) {
      try {
        socket.setSoTimeout(BODY_MILLIS);
        if (head.keepsOpen() && reader.skipBody(head)) {
          open = connection;
          lastUsed = clock.instant();
          return;
        }
      } catch (IOException e) {
        // It has responded; the connection alone is lost.
      }
      connection.close();
    }
  }

  private static String reason(IOException failure) {
    String message = String.valueOf(failure.getMessage());
    return failure instanceof SocketException
        ? "the connection broke: " + Printable.line(message)
        : Printable.line(message);
  }

  @Override
  public void close() {
    if (open != null) {
      open.close();
      open = null;
    }
  }
}

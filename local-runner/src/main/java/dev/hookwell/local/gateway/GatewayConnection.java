package dev.hookwell.local.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.HttpServerConnection;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One connection: the phase that it is in, since when, and how it ends. It is the pipeline's first
 * handler, before all of Vert.x's, and runs on the event loop that all connections of a gateway
 * share.
 */
final class GatewayConnection extends ChannelDuplexHandler {
  private static final String DECODER = "httpDecoder";
  private static final int FIRST_READ = 2048;
  private static final int LARGEST_READ = 16 * 1024;

  /** Bytes that are read and dropped after a refusal, so that the refusal reaches the sender. */
  private static final int MOST_DROPPED = 10 * 1024 * 1024;

  private static final Duration LONGEST_LINGER = Duration.ofSeconds(30);

  /** The event that the connection waits for. */
  enum Phase {
    /** A request's first byte. */
    IDLE,
    /** The rest of its head. */
    HEAD,
    /** The rest of its body. */
    BODY,
    /** The function's response. */
    WORK,
    /** The peer, to take the response. */
    RESPONSE,
    /** The peer, to take a refusal; bytes that arrive are dropped. */
    REFUSED,
    /** The peer's end of the connection; ours is closed. */
    CLOSING
  }

  private final GatewayConnections all;
  private final StrictRequestDecoder decoder;
  private final GatewayPatience patience;

  /** Its own place in the pipeline: writing and closing here bypasses Vert.x. */
  private ChannelHandlerContext ctx;

  private Phase phase = Phase.IDLE;
  private long since = System.nanoTime();
  private long lastByte = since;
  private @Nullable GatewayExchange exchange;
  private long unread;
  private long responseBytes;
  private long responseRoom;
  private long dropped;
  private boolean ending;

  private GatewayConnection(
      GatewayConnections all,
      ChannelHandlerContext ctx,
      StrictRequestDecoder decoder,
      GatewayPatience patience) {
    this.all = all;
    this.ctx = ctx;
    this.decoder = decoder;
    this.patience = patience;
  }

  /** Watches a new connection. Vert.x has no options for this, hence its internal classes here. */
  static void watch(
      HttpConnection connection,
      HttpServerOptions options,
      GatewayConnections all,
      GatewayPatience patience) {
    ChannelHandlerContext ctx = ((HttpServerConnection) connection).channelHandlerContext();
    StrictRequestDecoder decoder = new StrictRequestDecoder(options);
    // Reads little at a time, so that one sender's bytes do not hold up the other connections.
    ctx.channel()
        .config()
        .setRecvByteBufAllocator(
            new AdaptiveRecvByteBufAllocator(FIRST_READ, FIRST_READ, LARGEST_READ)
                .maxMessagesPerRead(1));
    ctx.pipeline().replace(DECODER, DECODER, decoder);
    ctx.pipeline().addFirst(new GatewayConnection(all, ctx, decoder, patience));
  }

  static GatewayConnection of(HttpConnection connection) {
    return ((HttpServerConnection) connection)
        .channelHandlerContext()
        .pipeline()
        .get(GatewayConnection.class);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    ctx = added;
    if (!all.admit(this)) {
      sayAndClose(WireResponse.busy());
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    forget();
    super.channelInactive(context);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    lastByte = System.nanoTime();
    if (isRefused()) {
      dropped += ((ByteBuf) message).readableBytes();
      ReferenceCountUtil.release(message);
      if (dropped > MOST_DROPPED) {
        abort();
      }
      return;
    }
    if (phase == Phase.IDLE) {
      enter(Phase.HEAD);
    }
    super.channelRead(context, message);
  }

  private void enter(Phase next) {
    phase = next;
    since = System.nanoTime();
  }

  Phase phase() {
    return phase;
  }

  boolean isRefused() {
    return phase == Phase.REFUSED || phase == Phase.CLOSING;
  }

  /** A request's head has arrived. */
  void begins(GatewayExchange begun) {
    exchange = begun;
    lastByte = System.nanoTime();
    enter(Phase.BODY);
  }

  /** All of the request has arrived. */
  void isWhole() {
    enter(Phase.WORK);
  }

  /**
   * Its response is on its way.
   *
   * @param room bytes taken for it of the share of responses
   */
  void responds(long bytes, long room) {
    responseBytes = bytes;
    responseRoom = room;
    unread = Long.MAX_VALUE;
    enter(Phase.RESPONSE);
    lastByte = since;
  }

  /** From now on bytes that arrive are dropped, though a refusal is on its way. */
  void refuse() {
    decoder.drop();
    enter(Phase.REFUSED);
    lastByte = since;
  }

  /** The response, or the refusal, has left this process. */
  void responded() {
    exchange = null;
    giveRoom();
    if (phase == Phase.RESPONSE) {
      enter(Phase.IDLE);
      decoder.next();
    } else if (phase == Phase.REFUSED) {
      var _ = ctx.channel().close();
    }
  }

  private void giveRoom() {
    all.giveResponse(responseRoom);
    responseRoom = 0;
  }

  /** For how long the peer has kept the connection waiting. */
  Duration idle() {
    return switch (phase) {
      case IDLE, HEAD -> age();
      case BODY, CLOSING -> Duration.ofNanos(System.nanoTime() - lastByte);
      case RESPONSE, REFUSED -> {
        long left = unread();
        if (left != unread) {
          unread = left;
          lastByte = System.nanoTime();
        }
        yield Duration.ofNanos(System.nanoTime() - lastByte);
      }
      case WORK -> Duration.ZERO;
    };
  }

  private Duration age() {
    return Duration.ofNanos(System.nanoTime() - since);
  }

  /** Bytes that the peer's system has not taken yet. */
  private long unread() {
    ChannelOutboundBuffer out = ctx.channel().unsafe().outboundBuffer();
    return out == null ? 0 : out.totalPendingWriteBytes() - out.currentProgress();
  }

  /** Ends the connection if its phase has taken too long. */
  void check() {
    Duration idle = idle();
    switch (phase) {
      case IDLE -> abortIf(idle.compareTo(patience.idle()) > 0);
      case HEAD -> {
        if (idle.compareTo(patience.head()) > 0) {
          giveUp();
        }
      }
      case BODY -> {
        GatewayExchange upload = exchange;
        if (idle.compareTo(patience.stalled()) > 0
            || (upload != null && patience.isTooSlow(upload.received(), age()))) {
          giveUp();
        }
      }
      case WORK -> {}
      case RESPONSE, REFUSED ->
          abortIf(
              idle.compareTo(patience.stalled()) > 0
                  || patience.isTooSlow(responseBytes - unread, age()));
      case CLOSING ->
          abortIf(idle.compareTo(patience.linger()) > 0 || age().compareTo(LONGEST_LINGER) > 0);
    }
  }

  private void abortIf(boolean condition) {
    if (condition) {
      abort();
    }
  }

  /** Ends the connection, since its peer is too slow; with a 408 while a request arrives. */
  void giveUp() {
    GatewayExchange upload = exchange;
    if (phase == Phase.HEAD) {
      sayAndClose(WireResponse.timeout());
    } else if (phase == Phase.BODY && upload != null) {
      upload.timeOut();
    } else {
      abort();
    }
  }

  private void sayAndClose(WireResponse response) {
    refuse();
    ctx.writeAndFlush(Unpooled.wrappedBuffer(response.toHttp())).addListener(_ -> responded());
  }

  /** Closes at once, without regard to bytes that were not sent or not read. */
  void abort() {
    forget();
    var _ = ctx.close();
  }

  /** Frees all that the connection has taken: it is closed, or about to be. */
  private void forget() {
    if (phase == Phase.BODY && exchange != null) {
      exchange.bodyIsDone();
    }
    phase = Phase.CLOSING;
    decoder.drop();
    all.remove(this);
    giveRoom();
  }

  /**
   * Whether the body that arrives on it has taken bytes of the share of small, or of large, bodies.
   */
  boolean hasBody(boolean small) {
    return phase == Phase.BODY && exchange != null && exchange.hasBody(small);
  }

  /**
   * Ends our side first and drops bytes that still arrive, until the peer ends its side or is
   * silent. A socket that is closed with unread bytes resets the connection, and the peer may lose
   * the last response.
   */
  @Override
  public void close(ChannelHandlerContext context, ChannelPromise promise) {
    if (all.isClosing()
        || !(context.channel() instanceof DuplexChannel channel)
        || !channel.isActive()) {
      var _ = context.close(promise);
      return;
    }
    channel.closeFuture().addListener(_ -> promise.trySuccess());
    if (ending) {
      return;
    }
    ending = true;
    if (!isRefused()) {
      refuse();
    }
    channel.config().setAutoRead(true);
    // After all earlier writes.
    context
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(_ -> {
          enter(Phase.CLOSING);
          lastByte = since;
          channel.shutdownOutput().addListener(end -> abortIf(!end.isSuccess()));
        });
  }
}

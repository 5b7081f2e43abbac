package dev.hookwell.local.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import io.vertx.core.http.HttpServerConfig;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.http1.VertxHttpRequestDecoder;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decodes one request at a time, more strictly than Netty does. The bytes after a request are not
 * decoded until that request is answered, and are dropped when it was refused. So nothing behind a
 * refused request is ever acted on, and a connection holds one read's bytes, however many requests
 * are in them. Runs on the connection's event loop.
 */
final class StrictRequestDecoder extends VertxHttpRequestDecoder {
  private static final Set<String> VERSIONS = Set.of("HTTP/1.1", "HTTP/1.0");
  private static final String TOKEN_PUNCTUATION = "!#$%&'*+-.^_`|~";

  private @Nullable ChannelHandlerContext ctx;
  private boolean held;
  private boolean dropping;

  StrictRequestDecoder(HttpServerOptions options) {
    super(new HttpServerConfig(options).getHttp1Config());
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
      throws Exception {
    if (dropping) {
      in.skipBytes(in.readableBytes());
    } else if (held) {
      // No more bytes are read into memory while a request is answered.
      context.channel().config().setAutoRead(false);
    } else {
      super.decode(context, in, out);
      held = !out.isEmpty() && out.getLast() instanceof LastHttpContent;
    }
  }

  /** Netty would ask for more bytes by itself when it decoded none of those it has. */
  @Override
  public void channelReadComplete(ChannelHandlerContext context) throws Exception {
    if (held) {
      context.fireChannelReadComplete();
    } else {
      super.channelReadComplete(context);
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) throws Exception {
    super.handlerAdded(added);
    ctx = added;
  }

  /** Goes on with the next request: the one before it has been answered. */
  void next() {
    held = false;
    ChannelHandlerContext context = ctx;
    if (context != null && internalBuffer().isReadable()) {
      context.executor().execute(() -> decodeOn(context));
    }
  }

  private void decodeOn(ChannelHandlerContext context) {
    if (context.isRemoved()) {
      return;
    }
    context.channel().config().setAutoRead(true);
    try {
      channelRead(context, Unpooled.EMPTY_BUFFER);
      channelReadComplete(context);
    } catch (Exception e) {
      context.fireExceptionCaught(e);
    }
  }

  /** Drops all bytes that arrive from now on. */
  void drop() {
    dropping = true;
  }

  @Override
  protected String splitFirstWordInitialLine(byte[] line, int start, int length) {
    require(start == 0);
    return super.splitFirstWordInitialLine(line, start, length);
  }

  @Override
  protected String splitSecondWordInitialLine(byte[] line, int start, int length) {
    require(isOneSpace(line, start));
    return super.splitSecondWordInitialLine(line, start, length);
  }

  @Override
  protected String splitThirdWordInitialLine(byte[] line, int start, int length) {
    require(isOneSpace(line, start));
    return super.splitThirdWordInitialLine(line, start, length);
  }

  /**
   * Netty takes any run of spaces, tabs, form feeds and carriage returns between two words, and
   * spaces before the first: another server could end the word, or the line, within it.
   */
  private static boolean isOneSpace(byte[] line, int wordStart) {
    return wordStart > 1 && line[wordStart - 1] == ' ' && !isBlank(line[wordStart - 2]);
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || (b >= '\t' && b <= '\r');
  }

  private static void require(boolean single) {
    if (!single) {
      throw new IllegalArgumentException("a request line with other blanks than two spaces");
    }
  }

  @Override
  protected HttpMessage createMessage(String[] initialLine) {
    // Compared as it stands: Vert.x would answer another version with 501, not in the gateway's
    // format.
    if (!VERSIONS.contains(initialLine[2])) {
      throw new IllegalArgumentException("a version of HTTP that is not spoken here");
    }
    return super.createMessage(initialLine);
  }

  /**
   * Requires a token (RFC 9110, 5.6.2). Netty also takes an empty name, and many that are no token.
   */
  @Override
  protected AsciiString splitHeaderName(byte[] line, int start, int length) {
    boolean token = length > 0;
    for (int i = start; i < start + length; i++) {
      token &= isOfToken(line[i]);
    }
    if (!token) {
      throw new IllegalArgumentException("a header without a name that is one");
    }
    return super.splitHeaderName(line, start, length);
  }

  /** Whether a token may have this character (RFC 9110, 5.6.2). */
  static boolean isOfToken(int letter) {
    return (letter >= 'a' && letter <= 'z')
        || (letter >= 'A' && letter <= 'Z')
        || (letter >= '0' && letter <= '9')
        || TOKEN_PUNCTUATION.indexOf(letter) >= 0;
  }

  /** When two servers choose differently between the two, a request can be smuggled. */
  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("Content-Length beside Transfer-Encoding");
  }
}

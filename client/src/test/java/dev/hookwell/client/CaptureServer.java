package dev.hookwell.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The API of one hook, as far as the client uses it, on loopback; for one test. */
public final class CaptureServer implements BeforeEachCallback, AfterEachCallback {
  private static final Pattern NUMBER = Pattern.compile("(after|before|limit|wait)=(\\d+)");

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<String> captures = new ArrayList<>();
  private final Set<Integer> lost = new HashSet<>();
  private @Nullable HttpServer server;
  private volatile Function<HttpExchange, Optional<Answer>> before = _ -> Optional.empty();

  /** A response. */
  public record Answer(int status, String json) {}

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  /** The variables that name the hook, for a client's environment. */
  public Map<String, String> environment() {
    return Map.of("HOOKWELL_URL", url(), "HOOKWELL_KEY", "k".repeat(43));
  }

  private String url() {
    return address() + "/h/" + TestCaptures.HOOK_ID;
  }

  public String address() {
    return "http://127.0.0.1:" + Objects.requireNonNull(server).getAddress().getPort();
  }

  /** Its response, if it gives one, is sent instead of the hook's. */
  public void answerFirst(Function<HttpExchange, Optional<Answer>> other) {
    before = other;
  }

  /** Keeps so many requests, each with a body of its own. */
  public void receive(int count) {
    for (int i = 0; i < count; i++) {
      receive("");
    }
  }

  /**
   * Keeps one more request.
   *
   * @param members of its JSON, beside and instead of the usual; each ends with a comma
   */
  public synchronized void receive(String members) {
    int seq = captures.size() + 1;
    byte[] body = ("body " + seq).getBytes(UTF_8);
    String path =
        members.contains("\"path\"") ? "" : "\"path\":\"/h/" + TestCaptures.HOOK_ID + "\",";
    String headers = members.contains("\"headers\"") ? "" : "\"headers\":[[\"x-a\",\"b\"]],";
    String query = members.contains("\"query\"") ? "" : "\"query\":\"\",";
    captures.add(
        """
        {"id":"01a20ccf-fd8a-70d5-8041-%012d","seq":%d,"receivedAt":"2026-11-24T10:15:31.123Z",\
        "storedAt":"2026-11-24T10:15:31.321Z","method":"POST",%s"protocol":"HTTP/1.1",\
        "notes":[],"cookies":[],"bodySize":%d,"bodySha256":"%s",\
        "body":{"size":%4$d,"sha256":"%5$s","encoding":"utf-8","data":"%s"}}\
        """
            .formatted(
                seq,
                seq,
                members + path + headers + query,
                body.length,
                Bytes.sha256(body),
                new String(body, UTF_8)));
    notifyAll();
  }

  /** Evicts a capture. */
  public synchronized void lose(int seq) {
    lost.add(seq);
  }

  private void answer(HttpExchange exchange) throws IOException {
    Answer answer =
        before.apply(exchange).orElseGet(() -> answer(exchange.getRequestURI().toString()));
    byte[] bytes = answer.json().getBytes(UTF_8);
    exchange.getResponseHeaders().set("content-type", "application/json");
    exchange.sendResponseHeaders(answer.status(), bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private synchronized Answer answer(String address) {
    String tail =
        address.substring(address.indexOf(TestCaptures.HOOK_ID) + TestCaptures.HOOK_ID.length());
    if (tail.isEmpty()) {
      return new Answer(
          200,
          "{\"url\":\"%s\",\"firstSeq\":1,\"counts\":%s,\"limits\":{\"wait\":20}}"
              .formatted(url(), counts()));
    }
    if (tail.startsWith("/captures?")) {
      return page(tail);
    }
    String ref = tail.substring("/captures/".length());
    int seq = ref.equals("latest") ? captures.size() : Integer.parseInt(ref);
    return seq >= 1 && seq <= captures.size()
        ? new Answer(200, captures.get(seq - 1))
        : new Answer(
            404,
            "{\"type\":\"urn:hookwell:problem:capture-not-found\",\"title\":\"There is no such capture.\"}");
  }

  private Answer page(String query) {
    long limit = number(query, "limit").orElse(100L);
    List<Integer> seqs = new ArrayList<>();
    long next;
    boolean more;
    if (number(query, "after").isPresent()) {
      long after = number(query, "after").get();
      await(after, number(query, "wait").orElse(0L));
      for (long seq = after + 1; seq <= captures.size() && seqs.size() < limit; seq++) {
        seqs.add((int) seq);
      }
      next = seqs.isEmpty() ? after : seqs.get(seqs.size() - 1);
      more = next < captures.size();
    } else {
      long below = number(query, "before").orElse(captures.size() + 1L);
      for (long seq = below - 1; seq >= 1 && seqs.size() < limit; seq--) {
        seqs.add((int) seq);
      }
      next = below - seqs.size();
      more = next > 1;
    }
    seqs.removeAll(lost);
    return new Answer(
        200,
        "{\"captures\":[%s],\"next\":%d,\"more\":%s,\"counts\":%s}"
            .formatted(
                seqs.stream().map(seq -> captures.get(seq - 1)).collect(joining(",")),
                next,
                more,
                counts()));
  }

  private void await(long after, long seconds) {
    try {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
      while (captures.size() <= after && System.nanoTime() < end) {
        TimeUnit.NANOSECONDS.timedWait(this, end - System.nanoTime());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Optional<Long> number(String query, String name) {
    Matcher number = NUMBER.matcher(query);
    while (number.find()) {
      if (number.group(1).equals(name)) {
        return Optional.of(Long.parseLong(number.group(2)));
      }
    }
    return Optional.empty();
  }

  private String counts() {
    return "{\"stored\":%d,\"available\":%1$d,\"evicted\":0,\"deleted\":0}"
        .formatted(captures.size());
  }

  @Override
  public void afterEach(ExtensionContext context) {
    Objects.requireNonNull(server).stop(0);
    threads.shutdownNow();
  }
}

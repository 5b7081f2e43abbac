package dev.hookwell.client;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A capture, as much of it as its server sent. */
public final class Capture {
  private static final String HOOK = "/h/";
  private static final String SCRIPTED_HOOK = "/s/";

  private static final char FIRST_BEYOND_ASCII = 0x80;
  private static final char LAST_LATIN = 0xff;

  private final Json json;
  private final long seq;
  private final Instant receivedAt;

  private Capture(Json json) {
    this.json = json;
    this.seq = json.number("seq");
    this.receivedAt = time(json, "receivedAt");
  }

  /**
   * Reads a capture.
   *
   * @throws MalformedJsonException when it is none
   */
  static Capture of(Json json) {
    Capture capture = new Capture(json);
    json.text("id");
    json.text("method");
    json.text("path");
    json.text("query");
    json.number("bodySize");
    json.text("bodySha256");
    return capture;
  }

  private static Instant time(Json json, String member) {
    try {
      return Instant.parse(json.text(member));
    } catch (DateTimeException e) {
      throw new MalformedJsonException("no time in \"" + member + "\"");
    }
  }

  public long seq() {
    return seq;
  }

  public String id() {
    return json.text("id");
  }

  public Instant receivedAt() {
    return receivedAt;
  }

  public Instant storedAt() {
    return time(json, "storedAt");
  }

  public String method() {
    return json.text("method");
  }

  /** The whole path, the hook's id included. */
  public String path() {
    return json.text("path");
  }

  /** The path after the hook's id; empty, or it begins with a slash. */
  public String pathTail() {
    String path = path();
    if (!path.startsWith(HOOK) && !path.startsWith(SCRIPTED_HOOK)) {
      return path;
    }
    int end = path.indexOf('/', HOOK.length());
    return end < 0 ? "" : path.substring(end);
  }

  /** As sent, without the question mark. */
  public String query() {
    return json.text("query");
  }

  public String protocol() {
    return json.optionalText("protocol").orElse("HTTP/1.1");
  }

  public Optional<String> sender() {
    return json.optionalText("sender");
  }

  public Optional<String> event() {
    return json.optionalText("event");
  }

  public Optional<String> contentType() {
    return json.optionalText("contentType");
  }

  /** The status that the sender got, where it was not the plain 200. */
  public Optional<Integer> responseStatus() {
    Optional<Json> response = json.optionalObject("response");
    return response.isPresent() && response.get().optionalNumber("status").isPresent()
        ? Optional.of((int) response.get().number("status"))
        : Optional.empty();
  }

  public long bodySize() {
    return json.number("bodySize");
  }

  public String bodySha256() {
    return json.text("bodySha256");
  }

  public List<String> notes() {
    return json.texts("notes");
  }

  /** The body was over the limit: its bytes were not kept. */
  public boolean isBodyTooLarge() {
    return notes().contains("body-too-large");
  }

  /** In the edge's order. Empty unless they were asked for. */
  public List<Header> headers() {
    return headers(json);
  }

  private static List<Header> headers(Json json) {
    List<Header> headers = new ArrayList<>();
    for (Object item : json.items("headers")) {
      if (!(item instanceof List<?> pair)
          || pair.size() != 2
          || !(pair.get(0) instanceof String name)
          || !(pair.get(1) instanceof String value)) {
        throw new MalformedJsonException("a header is a name and a value");
      }
      headers.add(new Header(name, value));
    }
    return headers;
  }

  /** The first value of a header, by its lower-case name. */
  public Optional<String> header(String name) {
    return headers().stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(Header::value)
        .findFirst();
  }

  /** One entry a pair, in order. */
  public List<String> cookies() {
    return json.texts("cookies");
  }

  /** The body, if the server sent it along; an empty one if there is none. */
  public Optional<Bytes> body() {
    if (bodySize() == 0) {
      return Optional.of(Bytes.NONE);
    }
    Optional<Json> body = json.optionalObject("body");
    Optional<String> data = body.flatMap(one -> one.optionalText("data"));
    if (data.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          Bytes.owning(
              body.get().text("encoding").equals("base64")
                  ? Base64.getDecoder().decode(data.get())
                  : data.get().getBytes(StandardCharsets.UTF_8)));
    } catch (IllegalArgumentException e) {
      throw new MalformedJsonException("the body is no base64");
    }
  }

  /** Whether a part of its head reads otherwise than it is kept. */
  public boolean readsOtherwise() {
    return json.optionalObject("readable").isPresent();
  }

  /**
   * This capture with its head as a person reads it: its bytes are kept as Latin-1, and most
   * senders mean UTF-8. Never to be delivered.
   */
  public Capture readable() {
    Optional<Json> reads = json.optionalObject("readable");
    if (reads.isEmpty()) {
      return this;
    }
    Map<String, Object> changed = new HashMap<>();
    for (String member : List.of("path", "query", "event")) {
      reads.get().optionalText(member).ifPresent(text -> changed.put(member, text));
    }
    if (!reads.get().items("cookies").isEmpty()) {
      changed.put("cookies", reads.get().items("cookies"));
    }
    changed.put("headers", readableHeaders(headers(reads.get())));
    return new Capture(json.with(changed));
  }

  /** Only those that read otherwise are listed, in the order of the headers. */
  private List<List<String>> readableHeaders(List<Header> others) {
    Deque<Header> left = new ArrayDeque<>(others);
    List<List<String>> headers = new ArrayList<>();
    for (Header header : headers()) {
      boolean reads =
          !left.isEmpty()
              && left.getFirst().name().equals(header.name())
              && header.value().chars().anyMatch(c -> c >= FIRST_BEYOND_ASCII && c <= LAST_LATIN);
      headers.add(List.of(header.name(), reads ? left.removeFirst().value() : header.value()));
    }
    return headers;
  }

  /** This capture with its body's data in its JSON. */
  public Capture with(Bytes body) {
    Optional<String> text = body.utf8();
    return new Capture(
        json.with(
            "body",
            Json.of(
                Map.of(
                    "size",
                    (long) body.size(),
                    "sha256",
                    bodySha256(),
                    "encoding",
                    text.isPresent() ? "utf-8" : "base64",
                    "data",
                    text.orElseGet(() -> Base64.getEncoder().encodeToString(body.toArray()))))));
  }

  /** As its server sent it, on one line. */
  public String toLine() {
    return json.toLine();
  }

  /** Its number alone: captured content reaches no log. */
  @Override
  public String toString() {
    return "#" + seq;
  }
}

package dev.hookwell.client;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** The API of a hook, used with a key. For several threads. */
public final class HookApi {
  private static final long LONGEST_WAIT_SECONDS = 20;

  private final HookLink link;
  private final String key;
  private final ApiConnection connection;

  /**
   * Connects to nothing yet.
   *
   * @param key the view key or the owner key
   * @param version of this client, for the server's log
   */
  public HookApi(HookLink link, String key, String version) {
    this.link = link;
    this.key = key;
    this.connection = new ApiConnection(link.server(), version);
  }

  public HookLink link() {
    return link;
  }

  /** Sets the longest time to wait for a response. It is read when a call begins. */
  public void answerWithin(Supplier<Duration> most) {
    connection.answerWithin(most);
  }

  /** Drops open connections and calls that are under way, which then fail and may be repeated. */
  public void reconnect() {
    connection.reconnect();
  }

  /** Ends calls that are under way, and those that begin from now on: they fail. */
  public void end() {
    connection.end();
  }

  public ApiResult<Hook> hook() {
    return connection.send(
        get(""),
        Duration.ZERO,
        response -> {
          Json json = Json.parse(response.body());
          return new Hook(
              json.text("url"),
              counts(json.object("counts")),
              json.optionalNumber("firstSeq"),
              longestWait(json));
        });
  }

  /** The server's limit of a wait; the longest that we use when it names none. */
  private static Duration longestWait(Json hook) {
    OptionalLong seconds =
        hook.optionalObject("limits")
            .map(limits -> limits.optionalNumber("wait"))
            .orElseGet(OptionalLong::empty);
    return Duration.ofSeconds(
        Math.max(0, Math.min(seconds.orElse(LONGEST_WAIT_SECONDS), LONGEST_WAIT_SECONDS)));
  }

  /**
   * Captures with numbers above {@code after}, ascending, with headers and bodies.
   *
   * @param limit at most so many, up to 500
   * @param wait how long to wait when there are none
   */
  public ApiResult<CapturePage> after(long after, int limit, Duration wait) {
    return after(after, limit, wait, Match.ALL);
  }

  /**
   * The same of those that match. A page may hold none although there are more captures to search.
   */
  public ApiResult<CapturePage> after(long after, int limit, Duration wait, Match match) {
    String query =
        "after=" + after + "&limit=" + limit + "&include=headers,body&wait=" + wait.toSeconds();
    return new Exclusions(this::page, match, true)
        .from(Optional.of(after), page(query + and(match.query()), wait));
  }

  /** The first capture above a number, without its headers and body. */
  public ApiResult<CapturePage> firstAfter(long after) {
    return page("after=" + after + "&limit=1", Duration.ZERO);
  }

  /** The newest that match, descending, with numbers below {@code before} if it is given. */
  public ApiResult<CapturePage> newest(Optional<Long> before, int limit, Match match) {
    String query = before.map(seq -> "before=" + seq + "&").orElse("") + "limit=" + limit;
    return new Exclusions(this::page, match, false)
        .from(before, page(query + and(match.query()), Duration.ZERO));
  }

  private static String and(String query) {
    return query.isEmpty() ? "" : "&" + query;
  }

  private ApiResult<CapturePage> page(String query) {
    return page(query, Duration.ZERO);
  }

  private ApiResult<CapturePage> page(String query, Duration wait) {
    return connection.send(
        get("/captures?" + query),
        wait,
        response -> {
          Json json = Json.parse(response.body());
          List<Capture> captures = new ArrayList<>();
          json.objects("captures").forEach(capture -> captures.add(Capture.of(capture)));
          return new CapturePage(
              captures,
              json.number("next"),
              json.flag("more"),
              counts(json.object("counts")),
              json.numbers("partial"));
        });
  }

  private static Counts counts(Json json) {
    return new Counts(
        json.number("stored"),
        json.number("available"),
        json.number("evicted"),
        json.number("deleted"));
  }

  /**
   * One capture with headers and, if it is not long, its body.
   *
   * @param ref its number, its id, or {@code latest}
   */
  public ApiResult<Capture> capture(String ref) {
    return connection.send(
        get("/captures/" + ref),
        Duration.ZERO,
        response -> Capture.of(Json.parse(response.body())));
  }

  /** A capture's body: the one that came along with it, or else fetched. Its digest is checked. */
  public ApiResult<Bytes> body(Capture capture) {
    Optional<Bytes> sent;
    try {
      sent = capture.body();
    } catch (MalformedJsonException e) {
      // It may have been damaged on the way; fetched by itself it may come whole.
      sent = Optional.empty();
    }
    ApiResult<Bytes> result =
        sent.isPresent()
            ? new ApiResult.Got<>(sent.get())
            : connection.send(
                get("/captures/" + capture.seq() + "/body"),
                Duration.ZERO,
                response -> Bytes.owning(response.body()));
    return result.fold(
        body ->
            body.sha256().equals(capture.bodySha256())
                ? new ApiResult.Got<>(body)
                : new ApiResult.Failed<>(
                    Failure.of(
                        Failure.Kind.UNREACHABLE,
                        "the body of #" + capture.seq() + " was altered on the way")),
        ApiResult.Failed::new);
  }

  /** The script of the hook's second URL. */
  public ApiResult<Script> script() {
    return script(get("/response"));
  }

  /**
   * Sets the script. Takes the owner key.
   *
   * @param json the script, as the API takes it
   */
  public ApiResult<Script> setScript(byte[] json) {
    return script(
        get("/response")
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofByteArray(json)));
  }

  /** Begins the script anew. Takes the owner key. */
  public ApiResult<Script> restartScript() {
    return script(get("/response/restart").POST(BodyPublishers.noBody()));
  }

  private ApiResult<Script> script(HttpRequest.Builder request) {
    return connection.send(
        request, Duration.ZERO, response -> Script.of(Json.parse(response.body())));
  }

  /** Gives every request the plain response again. Takes the owner key. */
  public ApiResult<Boolean> clearScript() {
    return connection.send(get("/response").DELETE(), Duration.ZERO, response -> true);
  }

  private HttpRequest.Builder get(String tail) {
    return HttpRequest.newBuilder(link.api(tail)).header("Authorization", "Bearer " + key);
  }

  /**
   * Makes a hook.
   *
   * @param key the operator's, where creating takes one
   * @param body the JSON of the call; empty for a hook as the server makes them
   */
  public static ApiResult<NewHook> create(
      URI server, Optional<String> key, Optional<String> body, String version) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server + "/api/hooks"))
            .POST(body.map(BodyPublishers::ofString).orElseGet(BodyPublishers::noBody));
    if (body.isPresent()) {
      request.header("Content-Type", "application/json");
    }
    key.ifPresent(one -> request.header("Authorization", "Bearer " + one));
    return new ApiConnection(server, version)
        .send(
            request,
            Duration.ZERO,
            response -> {
              Json json = Json.parse(response.body());
              return new NewHook(
                  json.text("url"),
                  json.text("apiUrl"),
                  json.text("viewKey"),
                  json.text("ownerKey"),
                  json.toLine());
            });
  }
}

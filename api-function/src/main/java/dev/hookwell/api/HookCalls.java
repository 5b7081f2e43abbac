package dev.hookwell.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.hookwell.capture.Access;
import dev.hookwell.capture.CapturedBody;
import dev.hookwell.capture.GatewayRequest;
import dev.hookwell.capture.GatewayResponse;
import dev.hookwell.capture.HookId;
import dev.hookwell.capture.HookPath;
import dev.hookwell.capture.Problem;
import dev.hookwell.capture.ProblemType;
import dev.hookwell.store.CaptureReader;
import dev.hookwell.store.CaptureRemoval;
import dev.hookwell.store.HookState;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/** Creates a hook, which is pure computation, shows its state, and deletes it. */
final class HookCalls {
  private final ApiSettings settings;
  private final CaptureReader reader;
  private final CaptureRemoval removal;
  private final Clock clock;
  private final RandomGenerator random;

  HookCalls(
      ApiSettings settings,
      CaptureReader reader,
      CaptureRemoval removal,
      Clock clock,
      RandomGenerator random) {
    this.settings = settings;
    this.reader = reader;
    this.removal = removal;
    this.clock = clock;
    this.random = random;
  }

  GatewayResponse create(GatewayRequest request) {
    CreateHook asked = CreateHook.read(request);
    Instant now = clock.instant();
    Instant end = asked.end(now, settings);
    HookId hook =
        asked
            .seed()
            .map(seed -> settings.hookKeys().issueSeeded(end, settings.seedKey(), seed))
            .orElseGet(() -> settings.hookKeys().issue(end, random));
    String viewKey = settings.readerKeys().viewKey(hook);
    String ownerKey = settings.readerKeys().ownerKey(hook);
    if (wantsText(request)) {
      String lines =
          """
          HOOKWELL_URL=%s
          HOOKWELL_API=%s
          HOOKWELL_KEY=%s
          """
              .formatted(url(request, hook), apiUrl(request, hook), viewKey);
      return GatewayResponse.text(201, "text/plain; charset=utf-8", lines);
    }
    return GatewayResponse.json(
        201,
        json -> {
          json.writeStringField("id", hook.text());
          json.writeStringField("url", url(request, hook));
          json.writeStringField("apiUrl", apiUrl(request, hook));
          json.writeStringField("pageUrl", base(request) + "/#/" + hook.text() + "/" + viewKey);
          json.writeStringField("viewKey", viewKey);
          json.writeStringField("ownerKey", ownerKey);
          json.writeStringField("createdAt", Times.text(now));
          json.writeStringField("expiresAt", Times.text(hook.expiresAt()));
        });
  }

  /**
   * @param access the rights of the caller's key; the response shows them
   */
  GatewayResponse show(GatewayRequest request, HookId hook, Access access) {
    Optional<HookState> row = reader.hook(hook.uid());
    HookState state = state(hook, row);
    OptionalLong first = state.lastSeq() == 0 ? OptionalLong.empty() : reader.firstSeq(state);
    return GatewayResponse.json(
        200,
        json -> {
          json.writeStringField("id", hook.text());
          json.writeStringField("url", url(request, hook));
          json.writeStringField("access", access == Access.OWN ? "own" : "view");
          json.writeStringField("expiresAt", Times.text(hook.expiresAt()));
          CaptureJson.counts(json, state);
          seq(json, "firstSeq", first);
          seq(
              json,
              "lastSeq",
              state.lastSeq() == 0 ? OptionalLong.empty() : OptionalLong.of(state.lastSeq()));
          json.writeObjectFieldStart("limits");
          json.writeNumberField("bodyBytes", CapturedBody.MAX_BYTES);
          json.writeNumberField("captures", settings.limits().captures());
          json.writeNumberField("bytes", settings.limits().bytes());
          json.writeStringField("captureLifetime", settings.limits().captureLife().toString());
          json.writeNumberField("wait", settings.longestWait().toSeconds());
          json.writeEndObject();
        });
  }

  /** Deletes the hook, also before its first capture; may be repeated. */
  GatewayResponse delete(HookId hook) {
    removal.deleteHook(hook);
    return GatewayResponse.empty(204);
  }

  /**
   * The hook's row, or an empty one before its first capture.
   *
   * @throws ProblemException 410 when the hook was deleted
   */
  static HookState state(HookId hook, Optional<HookState> row) {
    HookState state =
        row.orElseGet(() ->
            new HookState(
                hook.uid(),
                hook.expiresAt(),
                0,
                0,
                0,
                0,
                0,
                0,
                Optional.empty(),
                Optional.empty()));
    if (state.deletedAt().isPresent()) {
      throw new ProblemException(
          Problem.of(
                  ProblemType.HOOK_DELETED,
                  "Its owner deleted it. What is still sent to it is answered 200 and dropped.")
              .with("dropped", state.dropped()));
    }
    return state;
  }

  private static void seq(JsonGenerator json, String field, OptionalLong seq) throws IOException {
    if (seq.isPresent()) {
      json.writeNumberField(field, seq.getAsLong());
    } else {
      json.writeNullField(field);
    }
  }

  private static boolean wantsText(GatewayRequest request) {
    return Accept.names(request, "text/plain");
  }

  /** Never from {@code Host}, which the sender chooses. */
  private String base(GatewayRequest request) {
    return settings.publicBaseUrl().orElseGet(() -> "https://" + request.domainName());
  }

  private String url(GatewayRequest request, HookId hook) {
    return base(request) + HookPath.PLAIN.to(hook.text());
  }

  /** The URL at which the hook's script answers. */
  String responseUrl(GatewayRequest request, HookId hook) {
    return base(request) + HookPath.SCRIPTED.to(hook.text());
  }

  private String apiUrl(GatewayRequest request, HookId hook) {
    return base(request) + "/api/hooks/" + hook.text();
  }
}

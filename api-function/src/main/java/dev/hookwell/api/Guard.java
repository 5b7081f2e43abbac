package dev.hookwell.api;

import dev.hookwell.capture.Access;
import dev.hookwell.capture.GatewayRequest;
import dev.hookwell.capture.HookCheck;
import dev.hookwell.capture.HookId;
import dev.hookwell.capture.Problem;
import dev.hookwell.capture.ProblemType;
import dev.hookwell.capture.ReaderKeys;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lets a call through to a hook, or ends it with the right problem. */
final class Guard {
  private static final Pattern BEARER =
      Pattern.compile("bearer +([A-Za-z0-9_-]{43})", Pattern.CASE_INSENSITIVE);
  private static final Pattern ANY_BEARER =
      Pattern.compile("bearer +(\\S+)", Pattern.CASE_INSENSITIVE);

  private final ApiSettings settings;
  private final Clock clock;

  Guard(ApiSettings settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * The hook that a call names, if the caller's key allows the call.
   *
   * @throws ProblemException 401 without a key, 404 for an id or a key of another hook, 410 when
   *     the hook has ended, 403 for a view key where the owner's is needed
   */
  HookId admit(GatewayRequest request, HookRoute.Caller caller, HookRoute.Target target) {
    String key = key(request);
    return switch (settings.hookKeys().check(target.hook(), clock.instant())) {
      case HookCheck.Unknown unknown -> throw notFound();
      case HookCheck.Expired expired -> {
        check(expired.id(), key, caller, target);
        throw new ProblemException(ProblemType.HOOK_EXPIRED, "Its time is over.");
      }
      case HookCheck.Valid valid -> {
        check(valid.id(), key, caller, target);
        yield valid.id();
      }
    };
  }

  /** The rights that this request's key gives on a hook. */
  Access access(GatewayRequest request, HookId hook) {
    return settings.readerKeys().access(hook, key(request));
  }

  private static String key(GatewayRequest request) {
    Matcher matcher = BEARER.matcher(request.header("authorization").orElse(""));
    if (!matcher.matches()) {
      throw new ProblemException(
          ProblemType.KEY_MISSING, "Send the hook's key as Authorization: Bearer KEY.");
    }
    return matcher.group(1);
  }

  private void check(HookId hook, String key, HookRoute.Caller caller, HookRoute.Target target) {
    ReaderKeys keys = settings.readerKeys();
    OptionalLong capture =
        caller == HookRoute.Caller.CAPTURE_VIEWER
            ? CaptureCalls.number(target.ref())
            : OptionalLong.empty();
    if (capture.isPresent() && keys.opensCapture(hook, capture.getAsLong(), key)) {
      return;
    }
    Access access = keys.access(hook, key);
    if (access == Access.NONE) {
      throw notFound();
    }
    if (caller == HookRoute.Caller.OWNER && access != Access.OWN) {
      throw new ProblemException(ProblemType.OWNER_KEY_NEEDED, "The view key reads only.");
    }
  }

  /**
   * The same for a forged id and for a key of another hook, so as not to reveal which hooks exist.
   */
  private static ProblemException notFound() {
    return new ProblemException(
        ProblemType.HOOK_NOT_FOUND, "No hook has this address, or the key is another's.");
  }

  /**
   * Returns if the caller may create hooks.
   *
   * @throws ProblemException 403 for a page of a foreign origin, 401 when the creation key is
   *     needed and was not given
   */
  void creator(GatewayRequest request) {
    Optional<String> origin = request.header("origin");
    if (origin.isPresent() && !allowedOrigins(request).allow(origin.get())) {
      throw new ProblemException(
          ProblemType.FOREIGN_ORIGIN,
          "Only this site's own page may, and those that ALLOWED_ORIGINS (./run: --allow-origin)"
              + " names.");
    }
    if (settings.creationKey().isEmpty()) {
      return;
    }
    Matcher matcher = ANY_BEARER.matcher(request.header("authorization").orElse(""));
    byte[] given = matcher.matches() ? utf8(matcher.group(1)) : new byte[0];
    if (!MessageDigest.isEqual(utf8(settings.creationKey().get()), given)) {
      throw new ProblemException(
          Problem.of(
              ProblemType.KEY_MISSING,
              "Creating a hook here needs the creation key, as Authorization: Bearer KEY."));
    }
  }

  /** Without a configured address the page has the gateway's, which only a request holds. */
  private AllowedOrigins allowedOrigins(GatewayRequest request) {
    AllowedOrigins allowed = settings.allowedOrigins();
    return settings.publicBaseUrl().isPresent()
        ? allowed
        : allowed.and("https://" + request.domainName());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

package dev.hookwell.api;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.hookwell.bodies.LargeBodies;
import dev.hookwell.capture.AddressFault;
import dev.hookwell.capture.BadEventException;
import dev.hookwell.capture.BodyStore;
import dev.hookwell.capture.ConfigurationException;
import dev.hookwell.capture.Environment;
import dev.hookwell.capture.EventLog;
import dev.hookwell.capture.GatewayEvent;
import dev.hookwell.capture.GatewayRequest;
import dev.hookwell.capture.GatewayResponse;
import dev.hookwell.capture.HookId;
import dev.hookwell.capture.Origin;
import dev.hookwell.capture.Problem;
import dev.hookwell.capture.ProblemType;
import dev.hookwell.capture.SecretUnavailableException;
import dev.hookwell.store.CaptureReader;
import dev.hookwell.store.CaptureRemoval;
import dev.hookwell.store.Database;
import dev.hookwell.store.ResponseScripts;
import dev.hookwell.store.Retries;
import dev.hookwell.store.Sleeper;
import dev.hookwell.store.StoreUnavailableException;
import dev.hookwell.store.UsageCount;
import dev.hookwell.support.FunctionDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Everything but the hook path: hooks, captures and the static page. Thread-safe. */
public final class ApiHandler implements RequestStreamHandler {
  /** The part of the invocation's time that is reserved for a last read and for the response. */
  private static final Duration RESERVE = Duration.ofSeconds(3);

  private static final String DESCRIBED = "The API is described in docs/api.md.";

  private final ApiSettings settings;
  private final Guard guard;
  private final CreationGate gate;
  private final HookCalls hooks;
  private final CaptureCalls captures;
  private final ResponseCalls responses;
  private final StaticPage page;
  private final ClientJar client;
  private final Clock clock;
  private final EventLog log;

  /** For Lambda: everything from the environment. */
  public ApiHandler() {
    this(new Environment(System.getenv()), Clock.systemUTC(), new SecureRandom());
  }

  private ApiHandler(Environment environment, Clock clock, RandomGenerator random) {
    this(
        ApiSettings.from(environment, clock),
        FunctionDatabase.open(environment, Database.Settings.forFunction("hookwell-api"), clock),
        LargeBodies.toRead(environment),
        clock,
        random,
        Thread::sleep,
        new EventLog(System.out::println, clock));
  }

  /** Without a store for bodies that are too large for a message. */
  public ApiHandler(
      ApiSettings settings,
      Database database,
      Clock clock,
      RandomGenerator random,
      Sleeper sleeper,
      EventLog log) {
    this(settings, database, Optional.empty(), clock, random, sleeper, log);
  }

  public ApiHandler(
      ApiSettings settings,
      Database database,
      Optional<BodyStore> bodies,
      Clock clock,
      RandomGenerator random,
      Sleeper sleeper,
      EventLog log) {
    Retries retries = new Retries(clock, random, sleeper);
    CaptureReader reader = new CaptureReader(database, settings.limits(), clock, retries);
    CaptureRemoval removal = new CaptureRemoval(database, clock, retries);
    this.settings = settings;
    this.guard = new Guard(settings, clock);
    this.gate =
        new CreationGate(
            new UsageCount(database, clock, retries), settings.storeLimits(), clock, log);
    this.hooks = new HookCalls(settings, reader, removal, clock, random);
    this.captures =
        new CaptureCalls(
            reader,
            removal,
            new KeptBodies(bodies, clock, log),
            settings.search(),
            settings.longestWait(),
            clock,
            sleeper);
    this.responses =
        new ResponseCalls(
            settings.scripts(), reader, new ResponseScripts(database, clock, retries), clock);
    this.page = settings.pageFolder().map(StaticPage::ofFolder).orElseGet(StaticPage::load);
    this.client = new ClientJar(ApiHandler.class.getClassLoader());
    this.clock = clock;
    this.log = log;
  }

  @Override
  public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
    Instant deadline =
        clock.instant().plusMillis(context.getRemainingTimeInMillis()).minus(RESERVE);
    respond(in, deadline).writeTo(out);
  }

  /**
   * @param deadline when a wait for captures, or for a body from the body store, has to end
   */
  GatewayResponse respond(InputStream event, Instant deadline) {
    try {
      GatewayRequest request = GatewayEvent.read(event);
      GatewayResponse response = respond(request, deadline);
      return request.method().equals("HEAD") ? response.withoutBody() : response;
    } catch (BadEventException e) {
      log.error("api.bad-event", Map.of("status", 400), e);
      return Problem.of(ProblemType.BAD_EVENT, "This is not a request that can be read.")
          .response();
    }
  }

  private GatewayResponse respond(GatewayRequest request, Instant deadline) {
    try {
      if (settings.originSecrets().check(request) == Origin.REFUSED) {
        throw new ProblemException(ProblemType.ORIGIN_REFUSED, "");
      }
      return respond(RouteMatch.of(request.method(), request.path()), request, deadline);
    } catch (ProblemException e) {
      return response(e.problem());
    } catch (StoreUnavailableException | SecretUnavailableException | ConfigurationException e) {
      log.error("api.store-unavailable", Map.of("requestId", request.requestId()), e);
      return Problem.of(
              ProblemType.STORE_UNAVAILABLE,
              "Requests to hooks are still accepted and kept; showing them is delayed.")
          .response()
          .with(Map.of("retry-after", "5"));
    } catch (Exception e) {
      log.error("api.failed", Map.of("requestId", request.requestId(), "status", 500), e);
      return Problem.of(ProblemType.INTERNAL_ERROR, "Try again; it has been logged.").response();
    }
  }

  private static GatewayResponse response(Problem problem) {
    Map<String, String> headers =
        switch (problem.type()) {
          case KEY_MISSING -> Map.of("www-authenticate", "Bearer");
          // Retention, which makes room, runs this often.
          case CREATION_PAUSED -> Map.of("retry-after", "60");
          case BODY_UNAVAILABLE -> Map.of("retry-after", "5");
          default -> Map.of();
        };
    return problem.response().with(headers);
  }

  private GatewayResponse respond(RouteMatch match, GatewayRequest request, Instant deadline) {
    return switch (match) {
      case RouteMatch.OfSite(SiteRoute route) -> {
        refuseQuery(route, request);
        yield ofSite(route, request);
      }
      case RouteMatch.OfHook(HookRoute route, HookRoute.Target target) -> {
        HookId hook = guard.admit(request, route.caller(), target);
        refuseQuery(route, request);
        yield ofHook(route, request, hook, target.ref(), deadline);
      }
      case RouteMatch.Preflight(String allow) ->
          GatewayResponse.text(200, "text/plain; charset=utf-8", "")
              .with(
                  Map.of(
                      "access-control-allow-methods",
                      allow,
                      "access-control-allow-headers",
                      "authorization, content-type, if-none-match",
                      "access-control-max-age",
                      "600",
                      "allow",
                      allow));
      case RouteMatch.WrongMethod(String allow) ->
          Problem.of(
                  ProblemType.METHOD_NOT_ALLOWED,
                  "Allowed: " + allow + ". To send to a hook, use its url, /h/ and its id.")
              .response()
              .with(Map.of("allow", allow));
      case RouteMatch.Nothing() ->
          Problem.of(ProblemType.ROUTE_NOT_FOUND, nothingAt(request.path())).response();
    };
  }

  private static void refuseQuery(Route route, GatewayRequest request) {
    if (route.query() == Route.Query.REFUSED) {
      Parameters.read(request.query(), Set.of());
    }
  }

  private GatewayResponse ofSite(SiteRoute route, GatewayRequest request) {
    return switch (route) {
      case PAGE -> page.index();
      case TERMS -> page.terms();
      case ASSET -> page.asset(request.path().substring(SiteRoute.ASSETS.length()));
      case CLIENT -> client.file();
      case CLIENT_DIGEST -> client.digest();
      case HEALTH -> GatewayResponse.json(200, json -> json.writeStringField("status", "ok"));
      case OPENAPI -> OpenApi.response();
      case CREATE_HOOK -> {
        guard.creator(request);
        gate.pass();
        yield hooks.create(request);
      }
    };
  }

  private GatewayResponse ofHook(
      HookRoute route, GatewayRequest request, HookId hook, String ref, Instant deadline) {
    return switch (route) {
      case SHOW_HOOK -> hooks.show(request, hook, guard.access(request, hook));
      case DELETE_HOOK -> hooks.delete(hook);
      case LIST_CAPTURES -> captures.list(request, hook, deadline);
      case CLEAR_CAPTURES -> captures.clear(request, hook);
      case SHOW_CAPTURE -> captures.show(hook, ref);
      case DELETE_CAPTURE -> captures.delete(hook, ref);
      case SHOW_BODY -> captures.body(hook, ref, deadline);
      case SHOW_RESPONSE -> responses.show(hook, hooks.responseUrl(request, hook));
      case SET_RESPONSE -> responses.set(request, hook, hooks.responseUrl(request, hook));
      case CLEAR_RESPONSE -> responses.clear(hook);
      case RESTART_RESPONSE -> responses.restart(hook, hooks.responseUrl(request, hook));
    };
  }

  private static String nothingAt(String path) {
    return path.startsWith("/api/hooks/")
        ? DESCRIBED
        : AddressFault.elsewhere(path).map(fault -> fault.detail(path)).orElse(DESCRIBED);
  }
}

package dev.hookwell.api;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The calls of one hook, below {@code /api/hooks/{hook}}. */
enum HookRoute implements Route {
  SHOW_HOOK("GET", "", Caller.VIEWER, Query.REFUSED),
  DELETE_HOOK("DELETE", "", Caller.OWNER, Query.REFUSED),
  LIST_CAPTURES("GET", "/captures", Caller.VIEWER, Query.READ),
  CLEAR_CAPTURES("DELETE", "/captures", Caller.OWNER, Query.REFUSED),
  SHOW_CAPTURE("GET", "/captures/{ref}", Caller.CAPTURE_VIEWER, Query.REFUSED),
  DELETE_CAPTURE("DELETE", "/captures/{ref}", Caller.OWNER, Query.REFUSED),
  SHOW_BODY("GET", "/captures/{ref}/body", Caller.CAPTURE_VIEWER, Query.REFUSED),
  SHOW_RESPONSE("GET", "/response", Caller.VIEWER, Query.REFUSED),
  SET_RESPONSE("PUT", "/response", Caller.OWNER, Query.REFUSED),
  CLEAR_RESPONSE("DELETE", "/response", Caller.OWNER, Query.REFUSED),
  RESTART_RESPONSE("POST", "/response/restart", Caller.OWNER, Query.REFUSED);

  /** The key that a call needs. */
  enum Caller {
    /** The view key, or the owner key. */
    VIEWER,
    /** Those, or the capture key of {@code {ref}}, if that is a number. */
    CAPTURE_VIEWER,
    OWNER
  }

  /** {@code ref} is empty for a call of the whole hook. */
  record Target(String hook, String ref) {}

  private static final String HOOK = "/api/hooks/{hook}";
  private static final String REF = "{ref}";

  private final String method;
  private final Caller caller;
  private final Query query;
  private final String path;
  private final Pattern pattern;

  HookRoute(String method, String below, Caller caller, Query query) {
    this.method = method;
    this.caller = caller;
    this.query = query;
    this.path = HookRoute.HOOK + below;
    this.pattern = Pattern.compile(path.replaceAll("\\{(hook|ref)}", "(?<$1>[^/]+)"));
  }

  /**
   * The hook and the capture that a path of this call names, both unchecked; empty for other paths.
   */
  Optional<Target> target(String asked) {
    Matcher matcher = pattern.matcher(asked);
    return matcher.matches()
        ? Optional.of(
            new Target(matcher.group("hook"), path.contains(REF) ? matcher.group("ref") : ""))
        : Optional.empty();
  }

  Caller caller() {
    return caller;
  }

  @Override
  public String method() {
    return method;
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public Query query() {
    return query;
  }
}

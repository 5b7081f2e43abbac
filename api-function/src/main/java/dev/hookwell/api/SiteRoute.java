package dev.hookwell.api;

/** The calls that name no hook: the page, its files, the API's own calls, creating a hook. */
enum SiteRoute implements Route {
  PAGE("GET", "/", Query.IGNORED),
  TERMS("GET", "/terms", Query.IGNORED),
  /** Everything below {@link #ASSETS}, too. */
  ASSET("GET", SiteRoute.ASSETS, Query.IGNORED),
  CLIENT("GET", "/" + ClientJar.NAME, Query.IGNORED),
  CLIENT_DIGEST("GET", "/" + ClientJar.NAME + ".sha256", Query.IGNORED),
  HEALTH("GET", "/api/health", Query.REFUSED),
  OPENAPI("GET", "/api/openapi.json", Query.REFUSED),
  CREATE_HOOK("POST", "/api/hooks", Query.REFUSED);

  static final String ASSETS = "/assets/";

  private final String method;
  private final String path;
  private final Query query;

  SiteRoute(String method, String path, Query query) {
    this.method = method;
    this.path = path;
    this.query = query;
  }

  /** Whether this is the call's path. */
  boolean isAt(String asked) {
    return this == ASSET ? asked.startsWith(ASSETS) : asked.equals(path);
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

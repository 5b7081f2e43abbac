package dev.hookwell.api.find;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The conditions that a capture has to meet, all of them, to be listed. Never logged. Thread-safe.
 */
public final class Filters {
  /** Everything is listed. */
  public static final Filters NONE = new Filters(List.of());

  /** The parameters. */
  public static final Set<String> NAMES =
      Set.of("method", "path", "sender", "event", "delivery", "sha256", "header", "text", "json");

  /** Those that may be given several times. */
  public static final Set<String> REPEATABLE = Set.of("header", "text", "json");

  /** The most filters of one query. */
  static final int MOST = 16;

  /** The longest value, in UTF-16 units. */
  static final int LONGEST = 1000;

  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";

  private final List<Filter> filters;

  private Filters(List<Filter> filters) {
    this.filters = List.copyOf(filters);
  }

  /**
   * Reads decoded parameters.
   *
   * @param given values by name; other names than ours are ignored
   * @throws FilterException naming the parameter that is wrong
   */
  public static Filters parse(Map<String, List<String>> given) throws FilterException {
    List<Filter> filters = new ArrayList<>();
    // In a fixed order, so that of several mistakes always the same one is reported.
    for (String name : NAMES.stream().sorted().toList()) {
      for (String value : given.getOrDefault(name, List.of())) {
        if (filters.size() == MOST) {
          throw new FilterException(name, "At most " + MOST + " filters are taken.");
        }
        filters.add(parse(name, value));
      }
    }
    return filters.isEmpty() ? NONE : new Filters(filters);
  }

  private static Filter parse(String name, String value) throws FilterException {
    if (value.isEmpty()) {
      throw new FilterException(name, "It is empty.");
    }
    if (value.length() > LONGEST) {
      throw new FilterException(name, "It has more than 1,000 characters.");
    }
    return switch (name) {
      case "method" -> new Filter.Method(value);
      case "path" -> path(value);
      case "sender" -> new Filter.Sender(value);
      case "event" -> new Filter.Event(value);
      case "delivery" -> new Filter.Delivery(value);
      case "sha256" -> sha256(value);
      case "header" -> header(value);
      case "text" -> new Filter.Text(Needle.of(value));
      case "json" -> json(value);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Filter path(String value) throws FilterException {
    if (PathPattern.hasTooManyStars(value)) {
      throw new FilterException("path", "At most 8 * are taken.");
    }
    return new Filter.Path(PathPattern.of(value));
  }

  private static Filter sha256(String value) throws FilterException {
    if (!value.matches("[0-9A-Fa-f]{64}")) {
      throw new FilterException("sha256", "It must be 64 hexadecimal digits.");
    }
    return new Filter.Sha256(value);
  }

  private static Filter header(String value) throws FilterException {
    int colon = value.indexOf(':');
    String name = colon < 0 ? "" : value.substring(0, colon).strip();
    String text = value.substring(colon + 1).strip();
    if (!name.matches(TOKEN) || text.isEmpty()) {
      throw new FilterException("header", "It must be a header's name, a colon and a text.");
    }
    return new Filter.HeaderText(name, Needle.of(text));
  }

  private static Filter json(String value) throws FilterException {
    int equals = value.indexOf('=');
    if (equals < 0) {
      throw new FilterException("json", "It must be /pointer=value.");
    }
    Pointer pointer =
        Pointer.parse(value.substring(0, equals))
            .orElseThrow(() ->
                new FilterException(
                    "json",
                    "Before the = must be a JSON pointer (RFC 6901) like /data/object/status, of"
                        + " at most "
                        + JsonSearch.MOST_DEPTH
                        + " steps."));
    return new Filter.Json(pointer, value.substring(equals + 1));
  }

  public boolean isNone() {
    return filters.isEmpty();
  }

  /** Whether one of them cannot be met by a head alone. */
  public boolean needsBodies() {
    return filters.stream().anyMatch(Filter.Json.class::isInstance);
  }

  public HeadVerdict onHead(SearchedHead head) {
    HeadVerdict all = HeadVerdict.HOLDS;
    for (Filter filter : filters) {
      HeadVerdict one = filter.onHead(head);
      if (one == HeadVerdict.FAILS) {
        return one;
      }
      all = one == HeadVerdict.OPEN ? one : all;
    }
    return all;
  }

  /** The verdict on the body, by the filters that the head leaves open. */
  public BodyVerdict onBody(SearchedHead head, SearchedBody body) {
    BodyVerdict all = BodyVerdict.HOLDS;
    for (Filter filter : filters) {
      if (filter.onHead(head) == HeadVerdict.OPEN) {
        BodyVerdict one = filter.onBody(body);
        if (one == BodyVerdict.FAILS) {
          return one;
        }
        all = one == BodyVerdict.UNREAD ? one : all;
      }
    }
    return all;
  }

  /** The number alone: filters are never logged. */
  @Override
  public String toString() {
    return "Filters[" + filters.size() + "]";
  }
}

package dev.hookwell.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A filter of captures, in the language of the page's filter: {@code method:POST path:/pay* -word
 * "two words"}. The server searches; negated conditions are separate searches, see {@link
 * Exclusions}.
 *
 * @param terms all to be met
 */
public record Match(List<Term> terms) {
  /** Matches all captures. */
  public static final Match ALL = new Match(List.of());

  private static final Set<String> NAMES =
      Set.of("method", "path", "sender", "event", "delivery", "sha256", "header", "text", "json");

  /**
   * Looks like a named condition. With a typo in the name it would be searched for as text, and
   * never be found. A URL is text.
   */
  private static final Pattern OTHER_NAME =
      Pattern.compile("^([A-Za-z][A-Za-z0-9_-]*)(?:=|:(?!//))");

  private static final String WORDS = "text";
  private static final int MOST_STARS = 8;

  public Match {
    terms = List.copyOf(terms);
  }

  /**
   * One condition.
   *
   * @param name of the API's filter
   */
  public record Term(boolean negated, String name, String value) {
    private String parameter() {
      return name + "=" + URLEncoder.encode(value, UTF_8);
    }
  }

  /**
   * Reads a filter that a person wrote.
   *
   * @throws IllegalArgumentException when it is no condition
   */
  public static Match parse(String text) {
    List<Term> terms = new ArrayList<>();
    for (String piece : pieces(text)) {
      terms.add(term(piece));
    }
    if (terms.isEmpty()) {
      throw new IllegalArgumentException("it is empty");
    }
    return new Match(terms);
  }

  /** Splits at spaces, but not at those between quotes. */
  private static List<String> pieces(String text) {
    List<String> pieces = new ArrayList<>();
    StringBuilder piece = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      }
      if (Character.isWhitespace(c) && !quoted) {
        add(piece, pieces);
      } else {
        piece.append(c);
      }
    }
    if (quoted) {
      throw new IllegalArgumentException("a quote is not closed");
    }
    add(piece, pieces);
    return pieces;
  }

  private static void add(StringBuilder piece, List<String> pieces) {
    if (!piece.isEmpty()) {
      pieces.add(piece.toString());
      piece.setLength(0);
    }
  }

  private static Term term(String piece) {
    boolean negated = piece.length() > 1 && piece.startsWith("-");
    String rest = negated ? piece.substring(1) : piece;
    int end = 0;
    while (end < rest.length() && Character.isLetterOrDigit(rest.charAt(end))) {
      end++;
    }
    boolean separated = end > 0 && end < rest.length() && ":=".indexOf(rest.charAt(end)) >= 0;
    String name = separated ? rest.substring(0, end).toLowerCase(Locale.ROOT) : "";
    if (NAMES.contains(name)) {
      return named(negated, name, unquoted(rest.substring(end + 1)));
    }
    if (rest.startsWith("=")) {
      throw new IllegalArgumentException("as a text it has to be in quotes");
    }
    Matcher other = OTHER_NAME.matcher(rest);
    if (other.find()) {
      throw new IllegalArgumentException(
          other.group(1).equalsIgnoreCase("signature")
              ? "signatures are checked in the page alone"
              : "there is no filter " + other.group(1) + ": as a text it has to be in quotes");
    }
    return named(negated, WORDS, unquoted(rest));
  }

  private static Term named(boolean negated, String name, String value) {
    if (value.isEmpty()) {
      throw new IllegalArgumentException("it is empty");
    }
    if (name.equals("path") && value.chars().filter(c -> c == '*').count() > MOST_STARS) {
      throw new IllegalArgumentException("at most " + MOST_STARS + " * are taken");
    }
    return new Term(negated, name, value);
  }

  private static String unquoted(String text) {
    return text.replace("\"", "");
  }

  /** This and another, all to be met. */
  public Match and(Match other) {
    List<Term> all = new ArrayList<>(terms);
    all.addAll(other.terms);
    return new Match(all);
  }

  /** The API's parameters for the conditions that are not negated; empty for all captures. */
  String query() {
    return terms.stream()
        .filter(term -> !term.negated())
        .map(Term::parameter)
        .collect(joining("&"));
  }

  /** The API's parameters for each negated condition. */
  List<String> exclusions() {
    return terms.stream().filter(Term::negated).map(Term::parameter).toList();
  }

  public boolean isAll() {
    return terms.isEmpty();
  }
}

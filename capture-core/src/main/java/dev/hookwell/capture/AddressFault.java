package dev.hookwell.capture;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A fault in an address that resembles a hook's, found from the form of the address alone: there is
 * no look-up, and the message repeats nothing of the address. {@code docs/errors.md} lists them.
 * The sentences name {@code /h/}; they apply to {@code /s/}, too.
 */
public enum AddressFault {
  NO_ID("There is no id after /h/."),
  SLASHES("There is a slash too many before the id."),
  CAPITAL("/h/ has a small letter."),
  JOINED("There is no slash between /h/ and the id."),
  WORD("It is /h/, one letter, and no longer word."),
  TWICE("/h/ is there twice."),
  NOT_DIRECTLY("The id has to follow /h/ directly, and /h/ has to come first."),
  PAGE_LINK("This is a link to the page, with a key in it that no sender needs."),
  SPACE("There is a space, a line end or an invisible character beside the id."),
  MARK(
      "There is a character beside the id that does not belong to it, such as a full stop, a quote"
          + " or a bracket."),
  ESCAPED("/h/ and the id are not percent-encoded; send their characters as they are."),
  CASE("The letters of the id are all of one case, which was not so when it was issued."),
  SHORT("The id is cut off: it has 44 characters."),
  LONG("The id is too long: it has 44 characters."),
  NOT_AN_ID("An id is 44 letters, digits, hyphens and underscores."),
  UNKNOWN("No hook has this address.");

  private static final Pattern ID = Pattern.compile("(?<![\\w-])[\\w-]{44}(?![\\w-])");
  private static final Pattern ID_CHARACTERS = Pattern.compile("[\\w-]+");
  private static final Pattern ESCAPE = Pattern.compile("%([0-9A-Fa-f]{2})");
  private static final Pattern SLASHES_AND_LETTER = Pattern.compile("//+([hs])(/|$)");
  private static final Pattern LETTER_AND_ID = Pattern.compile("([hsHS])[-_.:]?([\\w-]{44})");
  private static final Pattern SCRIPTED =
      Pattern.compile("/+[sS](?=/|$|[-_.:]?[\\w-]{44}(?:/|$)).*");
  private static final Set<String> WORDS = Set.of("hook", "hooks", "webhook", "webhooks");

  private final String sentence;

  AddressFault(String sentence) {
    this.sentence = sentence;
  }

  public String sentence() {
    return sentence;
  }

  /**
   * The detail of a problem document.
   *
   * @param path the path of the request; it decides whether the text names {@code /h/} or {@code
   *     /s/}
   */
  public String detail(String path) {
    String detail =
        sentence + " A hook's address is /h/ and its id, as the page shows it. Nothing was kept.";
    return SCRIPTED.matcher(decoded(path)).matches() ? detail.replace("/h/", "/s/") : detail;
  }

  /**
   * The fault of a path that begins with {@code /h/} or {@code /s/} and has no genuine id.
   *
   * @param path as sent or as decoded by the gateway
   */
  public static AddressFault onHookPath(String path) {
    String decoded = decoded(path);
    boolean asSent = path.indexOf('%') < 0;
    List<String> segments = List.of(decoded.split("/", -1));
    String id = segments.size() > 2 ? segments.get(2) : "";
    Matcher found = ID.matcher(id);
    if (found.find()) {
      return ofFound(id, found, asSent);
    }
    if (segments.stream().skip(3).anyMatch(AddressFault::isId)) {
      return id.isEmpty() ? SLASHES : id.equals(segments.get(1)) ? TWICE : NOT_DIRECTLY;
    }
    if (id.isEmpty()) {
      return NO_ID;
    }
    if (!ID_CHARACTERS.matcher(id).matches()) {
      return NOT_AN_ID;
    }
    return id.length() < HookId.LENGTH ? SHORT : LONG;
  }

  private static AddressFault ofFound(String segment, Matcher found, boolean asSent) {
    String id = found.group();
    if (segment.length() > id.length()) {
      int beside = found.end() < segment.length() ? found.end() : found.start() - 1;
      return isBlank(segment.charAt(beside)) ? SPACE : MARK;
    }
    if (id.equals(id.toLowerCase(Locale.ROOT)) || id.equals(id.toUpperCase(Locale.ROOT))) {
      return CASE;
    }
    return asSent ? UNKNOWN : ESCAPED;
  }

  /**
   * The fault of a path that is neither the API's nor the page's; empty when no hook seems to be
   * meant.
   */
  public static Optional<AddressFault> elsewhere(String path) {
    String decoded = decoded(path);
    List<String> segments = List.of(decoded.split("/", -1));
    String first = segments.size() > 1 ? segments.get(1) : "";
    if (first.equals("h") || first.equals("s")) {
      // The hook routes take every path that is not percent-encoded, so this one was.
      AddressFault fault = onHookPath(decoded);
      return Optional.of(fault == UNKNOWN ? ESCAPED : fault);
    }
    if (first.equals("H") || first.equals("S")) {
      return Optional.of(CAPITAL);
    }
    Matcher joined = LETTER_AND_ID.matcher(first);
    if (joined.matches() && HookId.parse(joined.group(2)).isPresent()) {
      return Optional.of(JOINED);
    }
    if (first.startsWith("#")) {
      return Optional.of(PAGE_LINK);
    }
    if (WORDS.contains(first.toLowerCase(Locale.ROOT))) {
      return Optional.of(WORD);
    }
    if (SLASHES_AND_LETTER.matcher(decoded).lookingAt()) {
      return Optional.of(SLASHES);
    }
    return segments.stream().anyMatch(AddressFault::isId)
        ? Optional.of(NOT_DIRECTLY)
        : Optional.empty();
  }

  /** Whether this segment contains text with the layout of an id; the tag is not checked. */
  private static boolean isId(String segment) {
    Matcher found = ID.matcher(segment);
    return found.find() && HookId.parse(found.group()).isPresent();
  }

  private static boolean isBlank(char c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }

  private static String decoded(String path) {
    String bytes =
        ESCAPE
            .matcher(path)
            .replaceAll(escape ->
                Matcher.quoteReplacement(
                    String.valueOf((char) Integer.parseInt(escape.group(1), 16))));
    return ReadableText.ofBytes(bytes).orElse(bytes);
  }
}

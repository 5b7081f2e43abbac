package dev.hookwell.api.find;

import com.fasterxml.jackson.core.JsonToken;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Texts at known places of a body: scalars of its JSON, or fields of its form. */
public final class BodyFacts {
  private static final int LONGEST = 256;

  private final SearchedBody body;

  public BodyFacts(byte[] start, boolean whole) {
    this.body =
        new SearchedBody(start, whole, SearchedBody.Kind.TEXT, Optional.empty(), Optional.empty());
  }

  /**
   * The text at the first place that has one.
   *
   * @param places JSON pointers, or names of form fields
   */
  public Optional<String> first(List<String> places) {
    return places.stream()
        .flatMap(place -> (place.startsWith("/") ? scalar(place) : field(place)).stream())
        .findFirst();
  }

  private Optional<String> scalar(String place) {
    List<String> found = new ArrayList<>();
    BodyVerdict verdict =
        JsonSearch.search(
            body,
            Pointer.parse(place).orElseThrow(),
            (kind, text) -> {
              boolean isName = kind == JsonToken.VALUE_STRING || kind == JsonToken.VALUE_NUMBER_INT;
              return isName && isShort(text) && found.add(text);
            });
    return verdict == BodyVerdict.HOLDS ? Optional.of(found.getFirst()) : Optional.empty();
  }

  private Optional<String> field(String name) {
    String form = new String(body.start(), StandardCharsets.ISO_8859_1);
    String start = name + "=";
    int at = form.startsWith(start) ? 0 : form.indexOf("&" + start) + 1;
    if (at == 0 && !form.startsWith(start)) {
      return Optional.empty();
    }
    int end = form.indexOf('&', at);
    if (end < 0 && !body.whole()) {
      return Optional.empty();
    }
    String value = form.substring(at + start.length(), end < 0 ? form.length() : end);
    return Optional.of(new String(Escapes.undone(value), StandardCharsets.UTF_8))
        .filter(BodyFacts::isShort);
  }

  /** A longer text is no name, and it would make lists long. */
  private static boolean isShort(String text) {
    return !text.isEmpty() && text.length() <= LONGEST;
  }
}

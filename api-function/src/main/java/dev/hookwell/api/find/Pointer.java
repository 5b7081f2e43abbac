package dev.hookwell.api.find;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A place in a JSON document (RFC 6901); never the document itself. */
record Pointer(List<String> tokens) {
  Pointer {
    tokens = List.copyOf(tokens);
  }

  /** Empty when it is invalid, or deeper than documents are read. */
  static Optional<Pointer> parse(String text) {
    if (!text.startsWith("/") || text.matches("(?s).*~(?![01]).*")) {
      return Optional.empty();
    }
    List<String> tokens =
        Arrays.stream(text.substring(1).split("/", -1))
            .map(token -> token.replace("~1", "/").replace("~0", "~"))
            .toList();
    return tokens.size() > JsonSearch.MOST_DEPTH
        ? Optional.empty()
        : Optional.of(new Pointer(tokens));
  }

  boolean isEnd(int depth) {
    return depth == tokens.size();
  }

  boolean namesMember(int depth, String name) {
    return tokens.get(depth).equals(name);
  }

  boolean namesElement(int depth, int index) {
    return tokens.get(depth).equals(Integer.toString(index));
  }
}

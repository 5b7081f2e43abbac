package dev.hookwell.api.find;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;

/**
 * Searches the scalars at one place of a body, whatever its declared type. The body is read as a
 * stream and to its end, so that text which only begins like JSON does not count.
 */
final class JsonSearch {
  /** The deepest nesting of objects and lists that is read. */
  static final int MOST_DEPTH = 200;

  /**
   * The body's size bounds lengths. Names are not cached, so that nobody can send colliding ones.
   */
  private static final JsonFactory JSON =
      new JsonFactoryBuilder()
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MOST_DEPTH)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private final Pointer pointer;
  private final Scalar scalar;
  private boolean found;

  private JsonSearch(Pointer pointer, Scalar scalar) {
    this.pointer = pointer;
    this.scalar = scalar;
  }

  /** Accepts a scalar or not. */
  @FunctionalInterface
  interface Scalar {
    boolean takes(JsonToken kind, String text);
  }

  /** Whether a scalar at this place is accepted; of repeated members any one counts. */
  static BodyVerdict search(SearchedBody body, Pointer pointer, Scalar scalar) {
    JsonSearch search = new JsonSearch(pointer, scalar);
    try (JsonParser json = JSON.createParser(body.start())) {
      if (json.nextToken() == null) {
        return BodyVerdict.FAILS;
      }
      search.value(json, 0);
      return search.found && json.nextToken() == null ? BodyVerdict.HOLDS : BodyVerdict.FAILS;
    } catch (StreamConstraintsException _) {
      return search.found ? BodyVerdict.HOLDS : BodyVerdict.UNREAD;
    } catch (IOException _) {
      // Only the start of a longer body was read, so its JSON is cut off.
      return search.found && !body.whole() ? BodyVerdict.HOLDS : BodyVerdict.FAILS;
    }
  }

  /** Recursion is as deep as the pointer. */
  private void value(JsonParser json, int depth) throws IOException {
    JsonToken token = json.currentToken();
    if (token == JsonToken.START_OBJECT && !pointer.isEnd(depth)) {
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        boolean named = pointer.namesMember(depth, json.currentName());
        json.nextToken();
        next(json, named, depth);
      }
    } else if (token == JsonToken.START_ARRAY && !pointer.isEnd(depth)) {
      for (int index = 0; json.nextToken() != JsonToken.END_ARRAY; index++) {
        next(json, pointer.namesElement(depth, index), depth);
      }
    } else if (token.isScalarValue()) {
      // Read at any depth: the parser checks a string only when it is read.
      String text = json.getText();
      found |= pointer.isEnd(depth) && scalar.takes(token, text);
    } else {
      json.skipChildren();
    }
  }

  private void next(JsonParser json, boolean named, int depth) throws IOException {
    if (named) {
      value(json, depth + 1);
    } else {
      json.skipChildren();
    }
  }
}

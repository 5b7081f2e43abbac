package dev.hookwell.api.find;

import com.fasterxml.jackson.core.JsonToken;
import dev.hookwell.capture.Header;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** One condition on a capture. */
sealed interface Filter {
  HeadVerdict onHead(SearchedHead head);

  /** Called only where the head leaves it open. */
  BodyVerdict onBody(SearchedBody body);

  /** Names are compared without case. */
  private static boolean equal(int[] folded, String text) {
    return Arrays.equals(folded, CaseFolding.fold(text));
  }

  private static HeadVerdict head(boolean holds) {
    return holds ? HeadVerdict.HOLDS : HeadVerdict.FAILS;
  }

  private static BodyVerdict body(boolean holds) {
    return holds ? BodyVerdict.HOLDS : BodyVerdict.FAILS;
  }

  /**
   * A match counts even in a body that is declared compressed. Without a match a compressed body
   * may still hold it.
   */
  private static BodyVerdict unlessPacked(SearchedBody body, BodyVerdict verdict) {
    return verdict == BodyVerdict.FAILS && body.isPacked() ? BodyVerdict.UNREAD : verdict;
  }

  /** A condition that the head alone decides. */
  sealed interface OfHead extends Filter {
    boolean holds(SearchedHead head);

    @Override
    default HeadVerdict onHead(SearchedHead head) {
      return head(holds(head));
    }

    @Override
    default BodyVerdict onBody(SearchedBody body) {
      return BodyVerdict.FAILS;
    }
  }

  /** {@code method=} */
  final class Method implements OfHead {
    private final int[] folded;

    Method(String method) {
      this.folded = CaseFolding.fold(method);
    }

    @Override
    public boolean holds(SearchedHead head) {
      return equal(folded, head.method());
    }
  }

  /** {@code path=} */
  record Path(PathPattern pattern) implements OfHead {
    @Override
    public boolean holds(SearchedHead head) {
      return head.paths().stream().anyMatch(pattern::matches);
    }
  }

  /** {@code sender=} */
  final class Sender implements OfHead {
    private final int[] folded;

    Sender(String sender) {
      this.folded = CaseFolding.fold(sender);
    }

    @Override
    public boolean holds(SearchedHead head) {
      return head.sender().filter(sender -> equal(folded, sender)).isPresent();
    }
  }

  /** {@code sha256=} */
  record Sha256(String hex) implements OfHead {
    @Override
    public boolean holds(SearchedHead head) {
      return head.sha256().equals(hex.toLowerCase(Locale.ROOT));
    }
  }

  /** {@code header=name:text} */
  record HeaderText(String name, Needle text) implements OfHead {
    @Override
    public boolean holds(SearchedHead head) {
      return head.headers().stream()
          .anyMatch(header -> header.name().equalsIgnoreCase(name) && text.isIn(header.value()));
    }
  }

  /** {@code event=} */
  final class Event implements Filter {
    private final int[] folded;

    Event(String event) {
      this.folded = CaseFolding.fold(event);
    }

    @Override
    public HeadVerdict onHead(SearchedHead head) {
      return head.eventInBody()
          ? HeadVerdict.OPEN
          : head(head.events().stream().anyMatch(event -> equal(folded, event)));
    }

    @Override
    public BodyVerdict onBody(SearchedBody body) {
      return unlessPacked(
          body, body(body.event().filter(event -> equal(folded, event)).isPresent()));
    }
  }

  /** {@code delivery=} */
  final class Delivery implements Filter {
    private final int[] folded;

    Delivery(String id) {
      this.folded = CaseFolding.fold(id);
    }

    @Override
    public HeadVerdict onHead(SearchedHead head) {
      return head.deliveryInBody()
          ? HeadVerdict.OPEN
          : head(head.deliveryIds().stream().anyMatch(id -> equal(folded, id)));
    }

    @Override
    public BodyVerdict onBody(SearchedBody body) {
      return unlessPacked(
          body, body(body.deliveryId().filter(id -> equal(folded, id)).isPresent()));
    }
  }

  /** {@code text=} */
  record Text(Needle text) implements Filter {
    @Override
    public HeadVerdict onHead(SearchedHead head) {
      boolean inHead =
          head.paths().stream().anyMatch(this::inEscaped)
              || head.queries().stream().anyMatch(this::inEscaped)
              || head.headers().stream().map(Header::value).anyMatch(text::isIn);
      return inHead ? HeadVerdict.HOLDS : HeadVerdict.OPEN;
    }

    /** Searches the text as it is, and with its escapes decoded and a plus as a space. */
    private boolean inEscaped(String kept) {
      return text.isIn(kept)
          || (Escapes.mayBeIn(kept) && new ByteText(Escapes.undone(kept)).hasNarrow(text));
    }

    @Override
    public BodyVerdict onBody(SearchedBody body) {
      boolean found =
          new ByteText(body.start()).has(text)
              || body.unescaped().stream().anyMatch(plain -> new ByteText(plain).hasNarrow(text));
      return unlessPacked(body, body(found));
    }
  }

  /** {@code json=/pointer=value} */
  final class Json implements Filter {
    private final Pointer pointer;
    private final String value;
    private final int[] folded;
    private final Optional<JsonNumber> number;

    Json(Pointer pointer, String value) {
      this.pointer = pointer;
      this.value = value;
      this.folded = CaseFolding.fold(value);
      this.number = JsonNumber.parse(value);
    }

    @Override
    public HeadVerdict onHead(SearchedHead head) {
      return HeadVerdict.OPEN;
    }

    @Override
    public BodyVerdict onBody(SearchedBody body) {
      return unlessPacked(body, JsonSearch.search(body, pointer, this::takes));
    }

    private boolean takes(JsonToken kind, String text) {
      return switch (kind) {
        // A character folds into three at most.
        case VALUE_STRING -> text.length() <= 3 * folded.length && equal(folded, text);
        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
            text.equals(value) || (number.isPresent() && JsonNumber.parse(text).equals(number));
        default -> text.equals(value);
      };
    }
  }
}

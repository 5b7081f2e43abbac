package dev.hookwell.api;

import dev.hookwell.api.find.SearchedHead;
import dev.hookwell.capture.Header;
import dev.hookwell.capture.HookId;
import dev.hookwell.capture.HookPath;
import dev.hookwell.capture.Note;
import dev.hookwell.capture.ReadableText;
import dev.hookwell.store.StoredCapture;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The texts of a stored capture's head that filters search: each as it is stored and as it is
 * decoded.
 */
final class SearchedHeads {
  private SearchedHeads() {}

  static SearchedHead of(HookId hook, StoredCapture capture, Optional<Sender> sender) {
    String whole = capture.path(hook);
    String path = HookPath.of(whole).map(prefix -> prefix.tail(whole)).orElse(whole);
    boolean decoded = capture.head().notes().contains(Note.PATH_DECODED);
    return new SearchedHead(
        capture.method(),
        both(path, decoded ? ReadableText.ofBytes(path) : ReadableText.ofEscaped(path)),
        both(capture.query(), ReadableText.ofEscaped(capture.query())),
        headers(capture),
        sender.map(Sender::name),
        readings(sender.flatMap(Sender::event)),
        readings(sender.flatMap(Sender::deliveryId)),
        capture.bodySha256().hex(),
        sender.filter(Sender::hasEventInBody).isPresent(),
        sender.filter(Sender::hasDeliveryIdInBody).isPresent());
  }

  /** The headers with the cookies, which the edge took out of them. */
  private static List<Header> headers(StoredCapture capture) {
    List<Header> headers = new ArrayList<>(capture.head().headers());
    if (!capture.head().cookies().isEmpty()) {
      headers.add(new Header("cookie", String.join("; ", capture.head().cookies())));
    }
    for (Header header : List.copyOf(headers)) {
      ReadableText.ofBytes(header.value())
          .ifPresent(text -> headers.add(new Header(header.name(), text)));
    }
    return headers;
  }

  private static List<String> readings(Optional<String> kept) {
    return kept.stream()
        .flatMap(text -> Stream.concat(kept.stream(), ReadableText.ofBytes(text).stream()))
        .toList();
  }

  private static List<String> both(String kept, Optional<String> readable) {
    return Stream.concat(Stream.of(kept), readable.stream()).toList();
  }
}

package dev.hookwell.api;

import dev.hookwell.api.find.SearchedHead;
import dev.hookwell.capture.Header;
import dev.hookwell.capture.HookId;
import dev.hookwell.capture.Note;
import dev.hookwell.capture.ReadableText;
import dev.hookwell.store.StoredCapture;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What filters look at of a stored capture's head: each text as it is kept, and as it reads. */
final class SearchedHeads {
  private static final List<String> HOOK_PATHS = List.of("/h/", "/s/");

  private SearchedHeads() {}

  static SearchedHead of(HookId hook, StoredCapture capture, Optional<Sender> sender) {
    String path = tail(capture.path(hook));
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

  /** What follows the hook's id: nothing, or it begins with a slash. */
  private static String tail(String path) {
    for (String start : HOOK_PATHS) {
      if (path.startsWith(start)) {
        int end = path.indexOf('/', start.length());
        return end < 0 ? "" : path.substring(end);
      }
    }
    return path;
  }

  /** With the cookies, which the edge took out of them. */
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

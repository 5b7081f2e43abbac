package dev.hookwell.client.command;

import static java.util.stream.Collectors.joining;

import dev.hookwell.client.Bytes;
import dev.hookwell.client.Capture;
import dev.hookwell.client.listen.Delivered;
import dev.hookwell.client.listen.ListenEvents;
import java.time.Duration;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Events for a person: deliveries on the standard output, notes on the standard error. */
final class TextEvents implements ListenEvents {
  private final Surroundings surroundings;
  private final Remarks remarks;
  private final String hook;
  private final Optional<String> target;
  private final boolean prints;

  /**
   * @param prints whether captures are shown whole
   */
  TextEvents(Surroundings surroundings, String hook, Optional<String> target, boolean prints) {
    this.surroundings = surroundings;
    this.remarks = new Remarks(surroundings.colour(), surroundings.zone());
    this.hook = hook;
    this.target = target;
    this.prints = prints;
  }

  @Override
  public void ready(long after, long waiting, long earlier) {
    note(hook + target.map(to -> " → " + to).orElse(""));
    note(
        "after #"
            + after
            + (waiting > 0 ? ", " + waiting + " to catch up on" : "")
            + (earlier > 0 ? "; " + earlier + " came before: --from 1 delivers them too" : "")
            + ". Ctrl-C ends it");
  }

  @Override
  public void repeating(Collection<Long> numbers) {
    note("under way when it was last ended, and maybe delivered again: " + list(numbers));
  }

  static String list(Collection<Long> numbers) {
    return numbers.stream().map(number -> "#" + number).collect(joining(", "));
  }

  @Override
  public void delivered(Delivered delivered) {
    data(remarks.of(delivered));
  }

  @Override
  public void received(Capture capture, Bytes body) {
    if (prints) {
      data(remarks.of(capture) + "\n" + RequestText.of(capture, Optional.of(body)));
    }
  }

  @Override
  public void gone(long from, long to, String reason) {
    note(
        from == to
            ? "#" + from + " is gone: " + reason
            : "#" + from + " to #" + to + " are gone, " + (to - from + 1) + " in all: " + reason);
  }

  @Override
  public void skipped(Capture capture, String reason) {
    note("#" + capture.seq() + " is not delivered: " + reason);
  }

  @Override
  public void disconnected(String reason) {
    note(reason + ". It goes on where it was as soon as it can");
  }

  @Override
  public void connected() {
    note("connected again");
  }

  @Override
  public void targetDown(String reason) {
    note(reason + ". Everything waits for it, and nothing is skipped");
  }

  @Override
  public void targetUp() {
    note(target.orElse("the target") + " is there");
  }

  @Override
  public void resumed(Duration standstill) {
    note("stood still for " + standstill.toSeconds() + " s: connecting anew");
  }

  @Override
  public void progress(long delivered, long open, double perSecond) {
    note(
        String.format(Locale.ROOT, "%,d delivered, %,d to go, %.0f/s", delivered, open, perSecond));
  }

  private synchronized void data(String line) {
    surroundings.data(line);
  }

  private synchronized void note(String line) {
    surroundings.note(remarks.time(surroundings.clock().instant()) + "  " + line);
  }
}

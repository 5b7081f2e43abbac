package dev.hookwell.client.command;

import dev.hookwell.client.Bytes;
import dev.hookwell.client.Capture;
import dev.hookwell.client.Failure;
import dev.hookwell.client.HookApi;
import dev.hookwell.client.Printable;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hookwell show}. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "Shows one capture: the request as it came.")
final class ShowCommand extends HookCommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "CAPTURE",
      defaultValue = "latest",
      description = "Its number, its id, or latest, which is meant without one.")
  private String reference = "latest";

  @Option(names = "--json", description = "As JSON on one line.")
  private boolean json;

  @Option(names = "--body", description = "Its body alone, byte for byte.")
  private boolean bodyOnly;

  ShowCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  public Integer call() throws InterruptedException {
    if (json && bodyOnly) {
      throw CommandException.usage("give --json or --body, not both");
    }
    String ref = CaptureReference.check(reference);
    HookApi api = hook.api(surroundings);
    Capture capture = ask(() -> api.capture(ref));
    Optional<Bytes> body =
        capture.isBodyTooLarge() ? Optional.empty() : Optional.of(ask(() -> api.body(capture)));
    if (bodyOnly) {
      writeBody(capture, body);
    } else if (json) {
      surroundings.data(body.map(capture::with).orElse(capture).toLine());
    } else {
      surroundings.data(
          new Remarks(surroundings.colour(), surroundings.zone()).of(capture)
              + "\n\n"
              + RequestText.of(capture, body).stripTrailing());
      if (capture.readsOtherwise()) {
        surroundings.note(
            "note: shown as UTF-8, as most senders mean it; --json has the bytes as they are kept");
      }
      capture.notes().forEach(note -> surroundings.note("note: " + Printable.line(note)));
    }
    return ExitCode.OK.number;
  }

  private void writeBody(Capture capture, Optional<Bytes> body) {
    if (body.isEmpty()) {
      throw CommandException.of(
          new Failure(
              Failure.Kind.MISSING,
              "the body of #" + capture.seq() + " was over the limit, and not kept",
              Optional.empty()));
    }
    boolean harmless =
        body.get().utf8().filter(text -> Printable.lines(text).equals(text)).isPresent();
    if (surroundings.terminal() && !harmless) {
      throw CommandException.usage(
          "the body is not for a terminal: write it to a file, with > FILE");
    }
    surroundings.data(body.get());
  }
}

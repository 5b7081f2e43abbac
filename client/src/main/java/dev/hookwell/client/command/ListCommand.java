package dev.hookwell.client.command;

import dev.hookwell.client.Capture;
import dev.hookwell.client.CapturePage;
import dev.hookwell.client.HookApi;
import dev.hookwell.client.listen.StartingPoint;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hookwell list}. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Lists a hook's captures, the newest last.")
final class ListCommand extends HookCommand {
  private static final int PAGE = 100;

  @Mixin private final SelectionOptions selection = new SelectionOptions();

  @Option(
      names = {"-n", "--limit"},
      paramLabel = "N",
      defaultValue = "20",
      description =
          "At most so many; ${DEFAULT-VALUE} unless given: the newest, or with --from or"
              + " --since the first.")
  private int limit = 20;

  @Option(names = "--json", description = "A JSON object a line.")
  private boolean json;

  ListCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  public Integer call() throws InterruptedException {
    if (limit < 1) {
      throw CommandException.usage("--limit is 1 or more");
    }
    HookApi api = hook.api(surroundings);
    StartingPoint start = selection.start(surroundings.clock());
    Deque<Capture> found = new ArrayDeque<>();
    if (start.isOpen()) {
      newest(api, found);
    } else {
      new Selection(this, api, start, selection.match())
          .readAll(capture -> {
            found.addLast(capture);
            return found.size() < limit;
          });
    }
    Remarks remarks = new Remarks(surroundings.colour(), surroundings.zone());
    for (Capture capture : found) {
      surroundings.data(json ? capture.toLine() : remarks.of(capture));
    }
    return ExitCode.OK.number;
  }

  private void newest(HookApi api, Deque<Capture> found) throws InterruptedException {
    Optional<Long> before = Optional.empty();
    boolean more = true;
    while (more) {
      Optional<Long> from = before;
      CapturePage page = ask(() -> api.newest(from, PAGE, selection.match()));
      notSearched(page);
      for (Capture capture : page.captures()) {
        found.addFirst(capture);
        if (found.size() == limit) {
          return;
        }
      }
      before = Optional.of(page.next());
      more = page.more();
    }
    tellNotSearched();
  }
}

package dev.hookwell.client.command;

import dev.hookwell.client.HookApi;
import dev.hookwell.client.Reasons;
import dev.hookwell.client.Script;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.Stack;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code hookwell respond}. */
@Command(
    name = "respond",
    mixinStandardHelpOptions = true,
    description = {
      "Decides what senders to the hook's second URL, /s/, get; without a word it shows that.",
      "Steps set a script. It takes the owner key: HOOKWELL_OWNER_KEY, or --key-file.",
      ""
    },
    footer = {
      "",
      "The first step that applies decides:",
      "  503x3      503 to three requests",
      "  503x2m     503 for two minutes",
      "  503x2026-12-01T12:00:00Z  503 until then",
      "  500x30%%    500 to 30 of a hundred requests",
      "  200+3s     200 after three seconds; the last step has no x and goes on for ever",
      "",
      "  hookwell respond 503x3 200",
      "  hookwell respond 429x5 --header 'Retry-After: 5' 200 --body ok",
      "  hookwell respond --file script.json"
    })
final class RespondCommand extends HookCommand {
  private static final String BODY = "--body";
  private static final String SHOW = "show";
  private static final String CLEAR = "clear";
  private static final String RESTART = "restart";
  private static final Set<String> HANDSHAKES = Set.of("on", "off", "strava");

  /** Bytes of a script; the server takes no more. */
  private static final int MOST_BYTES = 32 * 1024;

  @Parameters(
      arity = "0..*",
      paramLabel = "STEP|show|clear|restart",
      description =
          "Steps in their order; or one word, to show what is set, to clear it (every request gets"
              + " the plain 200 again), or to restart it from its first step.",
      parameterConsumer = InOrder.class)
  @SuppressWarnings("UnusedVariable") // InOrder takes it.
  private List<String> words = List.of();

  @Option(
      names = {"-H", "--header"},
      paramLabel = "'NAME: VALUE'",
      description = "Of the step before it.",
      parameterConsumer = InOrder.class)
  @SuppressWarnings("UnusedVariable") // InOrder takes it.
  private List<String> headers = List.of();

  @Option(
      names = BODY,
      paramLabel = "TEXT",
      description = "Of the step before it.",
      parameterConsumer = InOrder.class)
  @SuppressWarnings("UnusedVariable") // InOrder takes it.
  private String body = "";

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "A script as JSON instead of steps; - is the standard input.")
  private Optional<String> file = Optional.empty();

  @Option(
      names = "--handshakes",
      paramLabel = "on|off|strava",
      description = "Whether handshakes come before the steps; on unless given.")
  private Optional<String> handshakes = Optional.empty();

  @Option(names = "--json", description = "What is set, as JSON on one line.")
  private boolean json;

  private final ScriptSteps steps = new ScriptSteps();
  private String word = "";

  RespondCommand(Surroundings surroundings) {
    super(surroundings);
  }

  /**
   * Takes steps and options in the order of the command line: an option belongs to the step before
   * it.
   */
  static final class InOrder implements IParameterConsumer {
    @Override
    public void consumeParameters(Stack<String> rest, ArgSpec argument, CommandSpec command) {
      RespondCommand respond = (RespondCommand) command.userObject();
      if (rest.isEmpty()) {
        throw new ParameterException(
            command.commandLine(), argument.paramLabel() + " is missing at the end");
      }
      try {
        respond.take(argument, rest.pop());
      } catch (CommandException | TypeConversionException e) {
        throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
      }
    }
  }

  private void take(ArgSpec argument, String text) {
    if (argument.isPositional()) {
      word(text);
    } else if (((OptionSpec) argument).longestName().equals(BODY)) {
      steps.body(text);
    } else {
      steps.header(Values.header(text));
    }
  }

  private void word(String text) {
    boolean names = List.of(SHOW, CLEAR, RESTART).contains(text);
    if (names && word.isEmpty() && steps.isEmpty()) {
      word = text;
    } else if (names || !word.isEmpty()) {
      throw CommandException.usage("give steps, or one of show, clear and restart alone");
    } else {
      steps.add(text);
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    requireSense();
    boolean changes =
        !steps.isEmpty() || file.isPresent() || !(word.isEmpty() || word.equals(SHOW));
    Optional<byte[]> script = script();
    HookApi api = changes ? hook.ownersApi(surroundings) : hook.api(surroundings);
    if (word.equals(CLEAR)) {
      ask(api::clearScript);
      return ExitCode.OK.number;
    }
    Script set;
    if (script.isPresent()) {
      set = ask(() -> api.setScript(script.get()));
    } else {
      set = ask(word.equals(RESTART) ? api::restartScript : api::script);
    }
    surroundings.data(json ? set.json().toLine() : ScriptText.of(set, surroundings.zone()));
    return ExitCode.OK.number;
  }

  private void requireSense() {
    if (file.isPresent() && !(steps.isEmpty() && word.isEmpty())) {
      throw CommandException.usage("give --file or words, not both");
    }
    if (handshakes.isPresent() && steps.isEmpty()) {
      throw CommandException.usage(
          "--handshakes goes with steps; in a file it is the member \"handshakes\"");
    }
    if (handshakes.isPresent() && !HANDSHAKES.contains(handshakes.get())) {
      throw CommandException.usage("--handshakes is on, off or strava");
    }
  }

  /** The JSON that sets a script; empty when none is set. */
  private Optional<byte[]> script() {
    if (file.isPresent()) {
      return Optional.of(Script.toSet(read(file.get())));
    }
    return steps.isEmpty() ? Optional.empty() : Optional.of(steps.toJson(handshakes));
  }

  private byte[] read(String name) {
    boolean standardInput = name.equals("-");
    try (InputStream in =
        standardInput ? surroundings.in() : Files.newInputStream(surroundings.file(name))) {
      byte[] text = in.readNBytes(MOST_BYTES + 1);
      if (text.length > MOST_BYTES) {
        throw CommandException.usage(name + " is longer than a script may be, which is 32 KiB");
      }
      return text;
    } catch (IOException e) {
      throw CommandException.usage("can't read " + name + ": " + Reasons.of(e));
    }
  }
}

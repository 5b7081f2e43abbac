package dev.hookwell.client.command;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The client's main class: finds the command, runs it, and ends with its exit code. */
@Command(
    name = "hookwell",
    mixinStandardHelpOptions = true,
    description = "Webhooks on your own machine: every one, exactly as it was sent.",
    footer = {
      "",
      "Which hook, and its key: HOOKWELL_API (or HOOKWELL_URL) and HOOKWELL_KEY, or --hook-file.",
      "Exit codes: 0 done, 1 failed, 2 wrong use, 3 not authorised or gone, 4 nothing came."
    })
public final class Hookwell {
  /** How long the virtual machine waits for an interrupted command to end. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Map<String, Named> COMMANDS = commandsInOrder();

  private Hookwell() {}

  /** Runs a command and ends the virtual machine. */
  public static void main(String[] arguments) {
    CountDownLatch ended = new CountDownLatch(1);
    AtomicInteger code = new AtomicInteger();
    Surroundings surroundings =
        new Surroundings(
            System.getenv(),
            Path.of(""),
            Path.of(System.getProperty("user.home")),
            System.getProperty("os.name"),
            System.in,
            new FileOutputStream(FileDescriptor.out),
            new PrintStream(
                new FileOutputStream(FileDescriptor.err), false, StandardCharsets.UTF_8),
            Ansi.AUTO.enabled(),
            isTerminal(),
            Clock.systemUTC(),
            ZoneId.systemDefault(),
            new SecureRandom(),
            time -> TimeUnit.NANOSECONDS.sleep(time.toNanos()),
            stop -> endWell(stop, ended, code));
    code.set(run(surroundings, arguments));
    ended.countDown();
    System.exit(code.get());
  }

  /**
   * From JDK 22 on there is a console also without a terminal; its {@code isTerminal} distinguishes
   * them.
   */
  @SuppressWarnings("SystemConsoleNull") // Null without a terminal up to JDK 21.
  private static boolean isTerminal() {
    Object console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (boolean) console.getClass().getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }

  /** Ctrl-C lets the command end, and gives its exit code instead of the signal's. */
  private static void endWell(Runnable stop, CountDownLatch ended, AtomicInteger code) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> {
              if (ended.getCount() == 0) {
                return;
              }
              stop.run();
              try {
                boolean inTime = ended.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
                Runtime.getRuntime().halt(inTime ? code.get() : ExitCode.RUNTIME.number);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            }));
  }

  /** Runs a command and gives its exit code. */
  static int run(Surroundings surroundings, String... arguments) {
    CommandLine commands = commands(surroundings, arguments);
    if (arguments.length == 0) {
      commands.usage(surroundings.err());
      return ExitCode.USAGE.number;
    }
    int code = commands.execute(arguments);
    // Only help and version are written here; a command's own output fails where it is written.
    if (commands.getOut().checkError()) {
      surroundings.note("hookwell: can't write to the standard output");
      return ExitCode.RUNTIME.number;
    }
    return code;
  }

  /**
   * A command, made only when it is named: making one costs 20 ms of the start.
   *
   * @param type has its description
   */
  private record Named(
      Class<? extends Callable<Integer>> type, Function<Surroundings, Callable<Integer>> command) {}

  private static Map<String, Named> commandsInOrder() {
    Map<String, Named> commands = new LinkedHashMap<>();
    commands.put("listen", new Named(ListenCommand.class, ListenCommand::new));
    commands.put("replay", new Named(ReplayCommand.class, ReplayCommand::new));
    commands.put("wait", new Named(WaitCommand.class, WaitCommand::new));
    commands.put("list", new Named(ListCommand.class, ListCommand::new));
    commands.put("show", new Named(ShowCommand.class, ShowCommand::new));
    commands.put("export", new Named(ExportCommand.class, ExportCommand::new));
    commands.put("respond", new Named(RespondCommand.class, RespondCommand::new));
    commands.put("new", new Named(NewCommand.class, NewCommand::new));
    return commands;
  }

  private static CommandLine commands(Surroundings surroundings, String... arguments) {
    CommandLine commands = new CommandLine(new Hookwell());
    String first = arguments.length == 0 ? "" : arguments[0];
    Named named = COMMANDS.get(first);
    if (named == null) {
      COMMANDS.forEach((name, command) -> commands.addSubcommand(name, told(command.type())));
    } else {
      commands.addSubcommand(named.command().apply(surroundings));
    }
    Values.register(commands);
    commands.getCommandSpec().version("hookwell " + Version.TEXT);
    commands.setOut(writer(surroundings.out()));
    commands.setErr(writer(surroundings.err()));
    commands.setColorScheme(
        CommandLine.Help.defaultColorScheme(surroundings.colour() ? Ansi.ON : Ansi.OFF));
    commands.setParameterExceptionHandler((failure, all) -> misused(surroundings, failure));
    commands.setExecutionExceptionHandler((failure, command, all) -> failed(surroundings, failure));
    return commands;
  }

  /** A command's description alone, for the list of commands. */
  private static CommandSpec told(Class<?> type) {
    CommandSpec command = CommandSpec.create();
    command.usageMessage().description(type.getAnnotation(Command.class).description());
    return command;
  }

  private static PrintWriter writer(OutputStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
  }

  private static int misused(Surroundings surroundings, ParameterException failure) {
    String command = failure.getCommandLine().getCommandSpec().qualifiedName();
    surroundings.note(
        "hookwell: " + failure.getMessage() + ". '" + command + " --help' shows what it takes");
    return ExitCode.USAGE.number;
  }

  private static int failed(Surroundings surroundings, Exception failure) {
    if (failure instanceof CommandException ended) {
      surroundings.note("hookwell: " + ended.getMessage());
      return ended.code.number;
    }
    if (failure instanceof OutputException unwritable) {
      if (!unwritable.isClosed()) {
        surroundings.note("hookwell: " + unwritable.getMessage());
      }
      return ExitCode.RUNTIME.number;
    }
    if (failure instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
    surroundings.note("hookwell: " + failure);
    return ExitCode.RUNTIME.number;
  }
}

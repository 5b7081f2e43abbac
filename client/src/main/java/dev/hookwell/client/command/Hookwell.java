package dev.hookwell.client.command;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
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
  /** The virtual machine of a client that is told to end waits so long for it. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Map<String, Function<Surroundings, Callable<Integer>>> COMMANDS =
      commandsInOrder();

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
            utf8(FileDescriptor.out),
            utf8(FileDescriptor.err),
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

  private static PrintStream utf8(FileDescriptor stream) {
    return new PrintStream(new FileOutputStream(stream), false, StandardCharsets.UTF_8);
  }

  /** From JDK 22 on there is a console also where there is no terminal, and it says so. */
  @SuppressWarnings("SystemConsoleNull") // Up to JDK 21 it tells.
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
    return commands.execute(arguments);
  }

  private static Map<String, Function<Surroundings, Callable<Integer>>> commandsInOrder() {
    Map<String, Function<Surroundings, Callable<Integer>>> commands = new LinkedHashMap<>();
    commands.put("listen", ListenCommand::new);
    commands.put("replay", ReplayCommand::new);
    commands.put("wait", WaitCommand::new);
    commands.put("list", ListCommand::new);
    commands.put("show", ShowCommand::new);
    commands.put("export", ExportCommand::new);
    commands.put("respond", RespondCommand::new);
    commands.put("new", NewCommand::new);
    return commands;
  }

  private static CommandLine commands(Surroundings surroundings, String... arguments) {
    CommandLine commands = new CommandLine(new Hookwell());
    String first = arguments.length == 0 ? "" : arguments[0];
    // Each command costs 20 ms of the start: one that is named needs no others.
    COMMANDS.forEach((name, command) -> {
      if (name.equals(first) || !COMMANDS.containsKey(first)) {
        commands.addSubcommand(command.apply(surroundings));
      }
    });
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

  private static PrintWriter writer(PrintStream stream) {
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
    if (failure instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
    surroundings.note("hookwell: " + failure);
    return ExitCode.RUNTIME.number;
  }
}

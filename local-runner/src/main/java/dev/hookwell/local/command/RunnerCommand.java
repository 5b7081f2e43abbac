package dev.hookwell.local.command;

import dev.hookwell.capture.Environment;
import dev.hookwell.local.machine.ListenAddresses;
import dev.hookwell.web.PageSources;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A command, as the command line gives it. */
public sealed interface RunnerCommand {
  String HELP =
      """
      Usage: ./run [options]
             ./run check [--database-url URL | --database-url-file FILE] [--allow-weak-tls]
             ./run redrive [--data FOLDER]
             ./run backup FILE [--data FOLDER]
             ./run restore FILE [--data FOLDER]
             ./run health [--port N] [--host ADDRESS]

      Starts all of Hookwell on this machine: gateway, ingest, queue, persist, database, API and page.

        --port N            the page's and the hooks' port (default 8080, 0 takes a free one)
        --data FOLDER       where captures and keys are kept between runs, yours alone (default: data, beside
                            this script)
        --database-url URL  a CockroachDB or PostgreSQL of your own instead of the built-in one:
                            postgresql://user@host:26257/database?sslmode=verify-full
                            It must not hold a password: everybody on the machine can read a command line.
        --database-url-file FILE
                            the same from a file that others cannot read, with the password:
                            postgresql://user:password@host:26257/database?sslmode=verify-full
        --allow-weak-tls    accept an sslmode below verify-full in the database's URL
        --allow-origin URL  also let pages of this origin make hooks, as http://localhost:3000 (may be repeated);
                            only Hookwell's own page may else
        --edge              also play Cloudflare in front of the gateway: exact paths are recorded
        --metrics-port N    answer Prometheus at /metrics on this port of loopback
        --page FOLDER       in a clone: serve the page's sources as they are, so that a change needs no build and
                            no restart (web/src/main/page)
        --log -             write the log to standard output instead of logs/ in the data folder
        --help              this text

      Beyond this machine (docs/selfhosting.md):

        --host ADDRESS      listen on this address instead of 127.0.0.1 and ::1 (may be repeated; 0.0.0.0 or ::
                            alone stands for all of this machine's, those of IPv6 too)
        --public-url URL    where senders and readers find it, as https://hooks.example.com
        --creation-key-file FILE
                            a file that others cannot read, with a key that making a hook then needs
        --trusted-proxy ADDRESS
                            believe X-Forwarded-For, -Proto and -Port when they come from this address or network,
                            as 127.0.0.1 or 10.0.0.0/8 (may be repeated)
        --allow-http        accept that keys and captures go over the network readable

      Each option is a variable, too, which the option goes before: --public-url is HOOKWELL_PUBLIC_URL, a switch is
      true or false, and what may be repeated has commas. HOOKWELL_CREATION_KEY holds the key itself. The settings
      of the functions are variables alone (docs/selfhosting.md): HOOKWELL_HOOKS_LIMIT, _STORED_BYTES_LIMIT,
      _QUOTA_CAPTURES, _QUOTA_BYTES, _CAPTURE_LIFETIME, _HOOK_LIFETIME, _HOOK_MAX_LIFETIME, _SEARCH, _HANDSHAKES,
      _RESPONSE_SCRIPTS, _LONGEST_DELAY and _BLOCKED_HOOKS. Without HOOKWELL_ no variable is looked at.

      Ctrl-C stops it. Nothing that was acknowledged is lost, however it is stopped.

      check tries a database out, once, before it is used: in a schema of its own that it drops again, it
      migrates, writes to one hook from 8 connections, meets a conflict, and reads by cursor all the while.
      Its status is 0 for a database that is fit, 1 for one that is not, 2 when it could not be tried.

      redrive has the dead letters tried again, which could not be stored however often it was tried.
      It works while Hookwell runs on the folder, and while it does not.

      backup writes all that was acknowledged into a new file, keys too, while Hookwell runs on the folder and
      while it does not. restore makes a data folder of it, which must be empty or not there yet.

      health asks the Hookwell of that port whether it is well: its status is 0, or else 1.
      """;

  /** The prefix of an environment variable that sets a function's setting. */
  String PREFIX = "HOOKWELL_";

  /** The settings of the functions that the environment may set here as it does in the cloud. */
  List<String> SETTINGS =
      List.of(
          "HOOKS_LIMIT",
          "STORED_BYTES_LIMIT",
          "QUOTA_CAPTURES",
          "QUOTA_BYTES",
          "CAPTURE_LIFETIME",
          "HOOK_LIFETIME",
          "HOOK_MAX_LIFETIME",
          "SEARCH",
          "HANDSHAKES",
          "RESPONSE_SCRIPTS",
          "LONGEST_DELAY",
          "BLOCKED_HOOKS");

  /**
   * Start a runner.
   *
   * @param page the folder of the page's sources, to serve instead of the packed page
   * @param settings by the names under which the functions read them
   */
  record Start(
      int port,
      Path data,
      Optional<GivenDatabase> database,
      boolean allowWeakTls,
      boolean edge,
      List<String> allowedOrigins,
      Reach reach,
      boolean logToConsole,
      Optional<Path> page,
      Map<String, String> settings)
      implements RunnerCommand {
    public Start {
      allowedOrigins = List.copyOf(allowedOrigins);
      settings = Map.copyOf(settings);
    }
  }

  /** Try a database out. */
  record Check(GivenDatabase database, boolean allowWeakTls) implements RunnerCommand {}

  /** Have the dead letters tried again. */
  record Redrive(Path data) implements RunnerCommand {}

  /**
   * Write a backup.
   *
   * @param ownDatabase whether the rows are in a database of the operator's own
   */
  record Backup(Path data, Path file, boolean ownDatabase) implements RunnerCommand {}

  /** Make a data folder of a backup. */
  record Restore(Path data, Path file) implements RunnerCommand {}

  /** Ask a running one whether it is well. */
  record Health(String url) implements RunnerCommand {}

  /** Print {@link #HELP}. */
  record Help() implements RunnerCommand {}

  /** The command line is wrong. */
  record Wrong(String message) implements RunnerCommand {}

  /**
   * Reads a command line, and the files that it may name.
   *
   * @param defaultData the data folder unless another is named
   * @param environment the process's; only variables that begin with {@code HOOKWELL_} count
   */
  static RunnerCommand parse(
      List<String> arguments, Path defaultData, Map<String, String> environment) {
    try {
      List<String> rest = arguments.isEmpty() ? arguments : arguments.subList(1, arguments.size());
      return switch (arguments.isEmpty() ? "" : arguments.getFirst()) {
        case "check" -> parseCheck(rest, environment);
        case "redrive" -> parseRedrive(rest, defaultData, environment);
        case "backup" -> parseBackup(rest, defaultData, environment);
        case "restore" -> parseRestore(rest, defaultData, environment);
        case "health" -> parseHealth(rest, environment);
        default -> parseStart(arguments, defaultData, environment);
      };
    } catch (IllegalArgumentException e) {
      return new Wrong(String.valueOf(e.getMessage()));
    }
  }

  private static RunnerCommand parseCheck(List<String> arguments, Map<String, String> environment) {
    RunnerOptions options =
        RunnerOptions.parse(
            arguments,
            environment,
            EnumSet.of(
                RunnerOption.DATABASE_URL,
                RunnerOption.DATABASE_URL_FILE,
                RunnerOption.ALLOW_WEAK_TLS),
            "check");
    if (options.isHelp()) {
      return new Help();
    }
    GivenDatabase database =
        database(options)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "check needs HOOKWELL_DATABASE_URL, --database-url-file or --database-url"));
    return new Check(database, options.isOn(RunnerOption.ALLOW_WEAK_TLS));
  }

  private static RunnerCommand parseRedrive(
      List<String> arguments, Path defaultData, Map<String, String> environment) {
    RunnerOptions options =
        RunnerOptions.parse(arguments, environment, EnumSet.of(RunnerOption.DATA), "redrive");
    return options.isHelp() ? new Help() : new Redrive(data(options, defaultData));
  }

  private static RunnerCommand parseBackup(
      List<String> arguments, Path defaultData, Map<String, String> environment) {
    RunnerOptions options =
        RunnerOptions.parse(
            withoutFile(arguments),
            environment,
            EnumSet.of(
                RunnerOption.DATA, RunnerOption.DATABASE_URL, RunnerOption.DATABASE_URL_FILE),
            "backup");
    return options.isHelp()
        ? new Help()
        : new Backup(
            data(options, defaultData), file(arguments, "backup"), database(options).isPresent());
  }

  private static RunnerCommand parseRestore(
      List<String> arguments, Path defaultData, Map<String, String> environment) {
    RunnerOptions options =
        RunnerOptions.parse(
            withoutFile(arguments), environment, EnumSet.of(RunnerOption.DATA), "restore");
    return options.isHelp()
        ? new Help()
        : new Restore(data(options, defaultData), file(arguments, "restore"));
  }

  /** The file stands first. */
  private static Path file(List<String> arguments, String command) {
    if (arguments.isEmpty() || arguments.getFirst().startsWith("-")) {
      throw new IllegalArgumentException(command + " needs a file: ./run " + command + " FILE");
    }
    return path(arguments.getFirst(), "a file");
  }

  private static List<String> withoutFile(List<String> arguments) {
    return arguments.isEmpty() || arguments.getFirst().startsWith("-")
        ? arguments
        : arguments.subList(1, arguments.size());
  }

  private static RunnerCommand parseHealth(
      List<String> arguments, Map<String, String> environment) {
    RunnerOptions options =
        RunnerOptions.parse(
            arguments, environment, EnumSet.of(RunnerOption.PORT, RunnerOption.HOST), "health");
    return options.isHelp()
        ? new Help()
        : new Health(
            options
                .list(RunnerOption.HOST, ListenAddresses::parse)
                .orElseGet(ListenAddresses::loopback)
                .url(port(options)));
  }

  private static RunnerCommand parseStart(
      List<String> arguments, Path defaultData, Map<String, String> environment) {
    Set<RunnerOption> all = EnumSet.allOf(RunnerOption.class);
    RunnerOptions options = RunnerOptions.parse(arguments, environment, all, "");
    if (options.isHelp()) {
      return new Help();
    }
    return new Start(
        port(options),
        data(options, defaultData),
        database(options),
        options.isOn(RunnerOption.ALLOW_WEAK_TLS),
        options.isOn(RunnerOption.EDGE),
        options.list(RunnerOption.ALLOW_ORIGIN, RunnerCommand::origins).orElse(List.of()),
        Reach.of(options, environment),
        options.value(RunnerOption.LOG, RunnerCommand::console).orElse(false),
        options.value(RunnerOption.PAGE, RunnerCommand::page),
        settings(environment));
  }

  static int port(RunnerOptions options) {
    return options.value(RunnerOption.PORT, RunnerCommand::port).orElse(8080);
  }

  static int port(String value) {
    if (!value.matches("[0-9]{1,5}") || Integer.parseInt(value) > 65535) {
      throw new IllegalArgumentException("must be a number from 0 to 65535");
    }
    return Integer.parseInt(value);
  }

  private static boolean console(String value) {
    if (!value.equals("-")) {
      throw new IllegalArgumentException("takes - alone, for standard output");
    }
    return true;
  }

  private static List<String> origins(List<String> values) {
    for (String value : values) {
      if (!value.matches("[a-zA-Z][a-zA-Z0-9+.-]*://[^/?#@,\\s]+")) {
        throw new IllegalArgumentException("must be an origin, as http://localhost:3000");
      }
    }
    return values;
  }

  private static Path page(String value) {
    Path folder = path(value, "a folder");
    for (String file : PageSources.PAGES) {
      if (!Files.isRegularFile(folder.resolve(file))) {
        throw new IllegalArgumentException(
            "must be a folder of the page's sources: there is no " + folder.resolve(file));
      }
    }
    return folder;
  }

  private static Path data(RunnerOptions options, Path defaultData) {
    return options.value(RunnerOption.DATA, value -> path(value, "a folder")).orElse(defaultData);
  }

  private static Optional<GivenDatabase> database(RunnerOptions options) {
    return options
        .text(RunnerOption.DATABASE_URL)
        .map(url -> GivenDatabase.of(url, options.source(RunnerOption.DATABASE_URL)))
        .or(() ->
            options
                .value(RunnerOption.DATABASE_URL_FILE, value -> path(value, "a file"))
                .map(file ->
                    GivenDatabase.ofFile(file, options.source(RunnerOption.DATABASE_URL_FILE))));
  }

  private static Path path(String value, String kind) {
    try {
      return Path.of(value);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("must be the path of " + kind, e);
    }
  }

  /** A function's complaint about settings, which it names, with the names that they have here. */
  static String asSetHere(String complaint) {
    return complaint.replaceAll("\\b(" + String.join("|", SETTINGS) + ")\\b", PREFIX + "$1");
  }

  private static Map<String, String> settings(Map<String, String> environment) {
    Environment all = new Environment(environment);
    Map<String, String> settings = new HashMap<>();
    for (String name : SETTINGS) {
      all.optional(PREFIX + name).ifPresent(value -> settings.put(name, value));
    }
    return settings;
  }
}

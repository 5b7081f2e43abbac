package dev.hookwell.acceptance.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import dev.hookwell.client.HookApi;
import dev.hookwell.local.Client;
import dev.hookwell.local.Deadline;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;

/** The command line client, as a process of its own. */
public final class HookwellProcess implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 120;

  private final Process process;
  private final Path out;
  private final Path err;

  private HookwellProcess(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** The output of a client that has ended, and its exit code. */
  public record Ended(int code, String out, String err) {}

  /** How clients are started: in a folder of their own, for a hook. */
  public record Setting(Path folder, Map<String, String> environment, List<String> javaOptions) {
    public static Setting of(Path folder, Client.Hook hook) {
      return new Setting(
          folder,
          Map.of("HOOKWELL_API", hook.apiUrl().toString(), "HOOKWELL_KEY", hook.viewKey()),
          List.of());
    }

    public Setting with(String variable, String value) {
      Map<String, String> all = new HashMap<>(environment);
      all.put(variable, value);
      return new Setting(folder, all, javaOptions);
    }

    public Setting withJava(String... options) {
      return new Setting(folder, environment, List.of(options));
    }

    public HookwellProcess start(String... arguments) throws IOException {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.add("-XX:TieredStopAtLevel=1");
      command.addAll(javaOptions);
      command.addAll(List.of("-cp", classPath(), "dev.hookwell.client.command.Hookwell"));
      command.addAll(List.of(arguments));
      Path out = Files.createTempFile(folder, "hookwell", ".out");
      Path err = Files.createTempFile(folder, "hookwell", ".err");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().keySet().removeIf(name -> name.startsWith("HOOKWELL_"));
      builder.environment().putAll(environment);
      builder.environment().put("XDG_STATE_HOME", folder.resolve("state").toString());
      return new HookwellProcess(builder.start(), out, err);
    }

    public Ended run(String... arguments) throws Exception {
      try (HookwellProcess process = start(arguments)) {
        return process.ended();
      }
    }
  }

  /** Of the client alone: it must run without anything else of ours. */
  public static String classPath() {
    return Stream.of(HookApi.class, JsonFactory.class, CommandLine.class)
        .map(HookwellProcess::source)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String source(Class<?> type) {
    try {
      URL place = type.getProtectionDomain().getCodeSource().getLocation();
      return Path.of(place.toURI()).toString();
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  public String out() {
    return read(out);
  }

  public String err() {
    return read(err);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits until it has printed the text, on either output. */
  public void awaitSaid(String text) throws InterruptedException {
    awaitSaid(text, PATIENCE_SECONDS);
  }

  /** The same within so many seconds. */
  public void awaitSaid(String text, int seconds) throws InterruptedException {
    await(said -> said.contains(text), text, seconds);
  }

  private void await(Predicate<String> enough, String what, int seconds)
      throws InterruptedException {
    Deadline deadline = Deadline.inSeconds(seconds);
    while (!enough.test(out() + err())) {
      deadline.check("not said: " + what + "\n" + out() + err());
      assertTrue(
          process.isAlive() || enough.test(out() + err()), "ended without " + what + "\n" + err());
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  /** Sends a signal by its name, as a shell does. */
  public void signal(String name) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start();
    assertEquals(0, kill.waitFor());
  }

  /** Ends it at once, as a power button does. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Waits until it ends. */
  public Ended ended() throws InterruptedException {
    assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "still running\n" + err());
    return new Ended(process.exitValue(), out(), err());
  }

  /** Ends it by Ctrl-C, which has to be well. */
  public Ended interrupted() throws Exception {
    signal("TERM");
    return ended();
  }

  /** A file of Linux's about the process. */
  public Path procFile(String name) {
    return Path.of("/proc", String.valueOf(process.pid()), name);
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}

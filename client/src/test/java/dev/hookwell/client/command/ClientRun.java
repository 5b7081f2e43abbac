package dev.hookwell.client.command;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Random;

/**
 * The client, run in this virtual machine.
 *
 * @param folder its working folder
 * @param sleeper how it waits
 */
record ClientRun(
    Map<String, String> environment, Path folder, Clock clock, Surroundings.Sleeper sleeper) {
  /** Its output, and its exit code. */
  record Ended(int code, String out, String err) {}

  Ended run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Ended ended = runTo(out, arguments);
    return new Ended(ended.code(), out.toString(StandardCharsets.UTF_8), ended.err());
  }

  /** The same with another standard output. */
  Ended runTo(OutputStream out, String... arguments) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code = Hookwell.run(surroundings("Linux", out, err), arguments);
    return new Ended(code, "", err.toString(StandardCharsets.UTF_8));
  }

  Surroundings surroundings(String system, OutputStream out, OutputStream err) {
    return new Surroundings(
        environment,
        folder,
        folder.resolve("home"),
        system,
        InputStream.nullInputStream(),
        out,
        new PrintStream(err, false, StandardCharsets.UTF_8),
        false,
        false,
        clock,
        ZoneOffset.UTC,
        new Random(1),
        sleeper,
        _ -> {});
  }
}

package dev.hookwell.client.command;

import dev.hookwell.client.ApiResult;
import dev.hookwell.client.Bytes;
import dev.hookwell.client.Capture;
import dev.hookwell.client.Failure;
import dev.hookwell.client.HookApi;
import dev.hookwell.client.HookLink;
import dev.hookwell.client.Reasons;
import dev.hookwell.client.listen.PrivateFiles;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hookwell export}. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = "Writes captures with their whole bodies, oldest first.")
final class ExportCommand extends HookCommand {
  private static final String STANDARD_OUTPUT = "-";

  @Mixin private final SelectionOptions selection = new SelectionOptions();

  /** The file's form. */
  enum Format {
    /** A capture a line, as the API gives it. */
    ndjson,
    /** HTTP Archive 1.2, for browsers and other tools. */
    har
  }

  @Option(
      names = "--format",
      defaultValue = "ndjson",
      description = "${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} unless given.")
  private Format format = Format.ndjson;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description =
          "To a file that only you can read, which appears when it is whole; - is the standard"
              + " output.")
  private Optional<String> output = Optional.empty();

  ExportCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  public Integer call() throws InterruptedException {
    HookApi api = hook.api(surroundings);
    Selection chosen =
        new Selection(this, api, selection.start(surroundings.clock()), selection.match());
    try {
      long count =
          output.isEmpty() || output.get().equals(STANDARD_OUTPUT)
              ? write(chosen, api, new BufferedOutputStream(surroundings.out()))
              : writeFile(chosen, api, surroundings.file(output.get()));
      surroundings.note("hookwell: " + count + (count == 1 ? " capture" : " captures"));
      return ExitCode.OK.number;
    } catch (UncheckedIOException e) {
      throw unwritable(e.getCause() == null ? new IOException(e) : e.getCause());
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private RuntimeException unwritable(IOException failure) {
    return output.isEmpty() || output.get().equals(STANDARD_OUTPUT)
        ? new OutputException(failure)
        : new CommandException(
            ExitCode.RUNTIME, "can't write " + output.get() + ": " + Reasons.toWrite(failure));
  }

  /**
   * Writes another file first, since half an export must not look like one. A pipe or a device is
   * written to directly.
   */
  private long writeFile(Selection chosen, HookApi api, Path named)
      throws IOException, InterruptedException {
    if (Files.exists(named) && !Files.isRegularFile(named)) {
      try (OutputStream out =
          new BufferedOutputStream(Files.newOutputStream(named, StandardOpenOption.WRITE))) {
        return write(chosen, api, out);
      }
    }
    Path file = linked(named);
    Path part = file.resolveSibling(file.getFileName() + ".part");
    Files.deleteIfExists(part);
    try {
      long count;
      try (OutputStream out =
          new BufferedOutputStream(Channels.newOutputStream(PrivateFiles.create(part)))) {
        count = write(chosen, api, out);
      }
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
      return count;
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /** The target of a link, which stays a link. */
  private static Path linked(Path file) throws IOException {
    if (Files.exists(file)) {
      return file.toRealPath();
    }
    return Files.isSymbolicLink(file) ? file.resolveSibling(Files.readSymbolicLink(file)) : file;
  }

  private long write(Selection chosen, HookApi api, OutputStream out)
      throws IOException, InterruptedException {
    try (CaptureSink sink =
        format == Format.har
            ? new HarSink(out, HookLink.parse(ask(api::hook).url()).orElse(api.link()))
            : new NdjsonSink(out)) {
      long[] count = {0};
      chosen.readAll(capture -> {
        Optional<Bytes> body = capture.isBodyTooLarge() ? Optional.empty() : body(api, capture);
        try {
          sink.write(capture, body);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        count[0]++;
        return true;
      });
      return count[0];
    }
  }

  /** The body of a capture. A damaged one must not end the export. */
  private Optional<Bytes> body(HookApi api, Capture capture) throws InterruptedException {
    Optional<Bytes> body = ask(() -> unlessDamaged(api.body(capture)));
    if (body.isEmpty()) {
      surroundings.note(
          "hookwell: #" + capture.seq() + " is without its body, which the server no longer has");
    }
    return body;
  }

  private static ApiResult<Optional<Bytes>> unlessDamaged(ApiResult<Bytes> result) {
    return result.fold(
        bytes -> new ApiResult.Got<>(Optional.of(bytes)),
        failure ->
            failure.kind() == Failure.Kind.DAMAGED
                ? new ApiResult.Got<>(Optional.empty())
                : new ApiResult.Failed<>(failure));
  }

  /** Takes captures one by one. */
  interface CaptureSink extends AutoCloseable {
    /**
     * Writes one.
     *
     * @param body empty where it was not kept
     */
    void write(Capture capture, Optional<Bytes> body) throws IOException;

    @Override
    void close() throws IOException;
  }
}

package dev.hookwell.client.command;

import dev.hookwell.client.Bytes;
import dev.hookwell.client.Capture;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A capture a line, as the API gives it, with its body's data at any length. */
final class NdjsonSink implements ExportCommand.CaptureSink {
  private final OutputStream out;

  NdjsonSink(OutputStream out) {
    this.out = out;
  }

  @Override
  public void write(Capture capture, Optional<Bytes> body) throws IOException {
    Capture whole = body.map(capture::with).orElse(capture);
    out.write((whole.toLine() + "\n").getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() throws IOException {
    out.flush();
  }
}

package dev.hookwell.benchmarks;

import dev.hookwell.capture.Capture;
import dev.hookwell.capture.EventLog;
import dev.hookwell.persist.PersistHandler;
import dev.hookwell.store.CaptureWriter;
import dev.hookwell.store.SaveOutcome;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Saves batches, by the writer alone or by the whole of persist. */
record Saving(CaptureWriter writer) {
  void save(List<Capture> batch) {
    if (!writer.save(batch, Store.deadline()).stream().allMatch(SaveOutcome.STORED::equals)) {
      throw new IllegalStateException("not all stored");
    }
  }

  BatchInvocation persist() {
    return new BatchInvocation(
        new PersistHandler(
            writer,
            Rows.CLOCK,
            new EventLog(
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)
                    ::println,
                Rows.CLOCK)));
  }
}

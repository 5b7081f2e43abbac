package dev.hookwell.benchmarks;

import dev.hookwell.capture.Capture;
import dev.hookwell.capture.Captures;
import dev.hookwell.capture.Envelope;
import dev.hookwell.capture.EnvelopeReader;
import dev.hookwell.capture.EnvelopeReading;
import dev.hookwell.capture.EnvelopeWriter;
import dev.hookwell.capture.Events;
import dev.hookwell.capture.GatewayEvent;
import dev.hookwell.capture.GatewayRequest;
import dev.hookwell.capture.HookCheck;
import dev.hookwell.capture.HookKeys;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** The codecs and the check of ids, by JMH: a capture with a body of 1 KB. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class CodecBenchmark {
  private final HookKeys keys = HookKeys.parse(Captures.HOOK_KEYS);
  private final String id = Captures.hook(1).text();
  private final Capture capture = new Rows().next(1, 1).getFirst();
  private final String envelope = EnvelopeWriter.write(capture).text();
  private final byte[] event =
      Events.event("POST", "/h/" + id)
          .header("content-type", "application/json")
          .header("user-agent", "billing/2.1")
          .text("{\"event\":\"paid\",\"text\":\"%s\"}".formatted("x".repeat(1000)))
          .json()
          .getBytes(StandardCharsets.UTF_8);

  @Benchmark
  public GatewayRequest readEvent() {
    return GatewayEvent.read(new ByteArrayInputStream(event));
  }

  @Benchmark
  public Envelope writeEnvelope() {
    return EnvelopeWriter.write(capture);
  }

  @Benchmark
  public EnvelopeReading readEnvelope() {
    return EnvelopeReader.read(envelope);
  }

  @Benchmark
  public HookCheck checkId() {
    return keys.check(id, Captures.RECEIVED_AT);
  }

  /** Runs them all, each in a process of its own unless the scale is the smallest. */
  static Table run(Scale scale) throws RunnerException {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include(CodecBenchmark.class.getName())
                    .forks(scale.of(1, 0))
                    .warmupIterations(scale.of(3, 0))
                    .measurementIterations(scale.of(5, 1))
                    .warmupTime(TimeValue.seconds(1))
                    .measurementTime(
                        scale == Scale.FULL ? TimeValue.seconds(1) : TimeValue.milliseconds(10))
                    .addProfiler(GCProfiler.class)
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .run();
    Table table = new Table();
    for (RunResult result : results) {
      String name = result.getPrimaryResult().getLabel();
      table.row(name + ", times a µs", result.getPrimaryResult().getScore(), Goal.none());
      result
          .getSecondaryResults()
          .forEach((key, allocated) -> {
            if (key.contains("gc.alloc.rate.norm")) {
              table.row(name + ", bytes allocated", allocated.getScore(), Goal.none());
            }
          });
    }
    return table;
  }
}

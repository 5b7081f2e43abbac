package dev.hookwell.deployment.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hookwell.api.ApiHandler;
import dev.hookwell.api.ApiSettings;
import dev.hookwell.capture.Body;
import dev.hookwell.capture.BodyEncoding;
import dev.hookwell.capture.Capture;
import dev.hookwell.capture.CaptureIds;
import dev.hookwell.capture.CapturedBody;
import dev.hookwell.capture.Captures;
import dev.hookwell.capture.Environment;
import dev.hookwell.capture.EventLog;
import dev.hookwell.capture.Events;
import dev.hookwell.capture.HookId;
import dev.hookwell.capture.HookKeys;
import dev.hookwell.capture.InMemoryBodyStore;
import dev.hookwell.capture.ReaderKeys;
import dev.hookwell.local.gateway.Turns;
import dev.hookwell.local.lambda.LocalContext;
import dev.hookwell.local.queue.Outbox;
import dev.hookwell.local.queue.QueueSettings;
import dev.hookwell.persist.PersistHandler;
import dev.hookwell.persist.RetentionHandler;
import dev.hookwell.respond.RespondHandler;
import dev.hookwell.respond.RespondSettings;
import dev.hookwell.store.CaptureWriter;
import dev.hookwell.store.Database;
import dev.hookwell.store.HookLimits;
import dev.hookwell.store.PostgresServer;
import dev.hookwell.store.ResponseScripts;
import dev.hookwell.store.Retention;
import dev.hookwell.store.Stores;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** That running functions write the metrics that the template's alarms read. */
final class AlarmMetricsIT {
  @RegisterExtension static final PostgresServer POSTGRES = new PostgresServer();

  private static final Duration ENOUGH = Duration.ofSeconds(30);

  @TempDir private Path folder;

  private final Clock clock = Clock.systemUTC();
  private final List<String> lines = new ArrayList<>();
  private final EventLog log = new EventLog(lines::add, clock);

  /** A metric is another one under another namespace, and under other dimensions. */
  @Test
  void eachAlarmOnTheFunctionsOwnMetricsLooksAtOneThatIsWritten() throws IOException {
    String url = POSTGRES.freshSchema();
    try (Database database = Stores.open(url, 1)) {
      new RetentionHandler(
              new Retention(
                  database,
                  HookLimits.DEFAULT,
                  Retention.Batches.DEFAULT,
                  clock,
                  Stores.retries(clock)),
              clock,
              log)
          .run(ENOUGH);
      new PersistHandler(
              new CaptureWriter(database, HookLimits.DEFAULT, clock, Stores.retries(clock)),
              clock,
              log)
          .handleRequest(poison(), new LocalContext("persist", "r1", clock, ENOUGH));
      showLost(database);
      PostgresServer.execute(url, "ALTER TABLE response_scripts RENAME TO elsewhere");
      respond(database);
    }

    Set<String> written = written();
    Set<String> watched = watched();
    assertEquals(6, watched.size(), watched.toString());
    assertTrue(written.containsAll(watched), () -> watched + " of " + written);
  }

  /** A capture whose body is no longer where it was put. */
  private void showLost(Database database) throws IOException {
    HookId hook = Captures.hook(1);
    Capture plain = Captures.capture(hook, 1, new byte[1]);
    CapturedBody body = plain.body();
    Capture apart =
        new Capture(
            plain.id(),
            hook,
            clock.instant(),
            plain.request(),
            new CapturedBody(BodyEncoding.OBJECT, Body.EMPTY, body.size(), body.sha256()),
            List.of());
    new CaptureWriter(database, HookLimits.DEFAULT, clock, Stores.retries(clock))
        .save(List.of(apart), clock.instant().plus(ENOUGH));
    Environment environment =
        new Environment(
            Map.of(
                "HOOK_KEYS", Captures.HOOK_KEYS,
                "READER_KEYS", Captures.READER_KEYS,
                "SEED_KEY", Captures.SEED_KEY));
    new ApiHandler(
            ApiSettings.from(environment, clock),
            database,
            Optional.of(new InMemoryBodyStore()),
            clock,
            new Random(1),
            Turns::sleep,
            log)
        .handleRequest(
            Events.event("GET", "/api/hooks/" + hook.text() + "/captures/1/body")
                .header(
                    "authorization",
                    "Bearer " + ReaderKeys.parse(Captures.READER_KEYS).viewKey(hook))
                .open(),
            OutputStream.nullOutputStream(),
            new LocalContext("api", "r3", clock, ENOUGH));
  }

  /** A request whose script cannot be read. */
  private void respond(Database database) throws IOException {
    Random random = new Random(1);
    String hook =
        HookKeys.parse(Captures.HOOK_KEYS).issue(clock.instant().plus(ENOUGH), random).text();
    Environment environment = new Environment(Map.of("HOOK_KEYS", Captures.HOOK_KEYS));
    try (Outbox outbox =
        Outbox.open(
            folder.resolve("outbox"),
            QueueSettings.ofTemplate(),
            clock,
            () -> Long.MAX_VALUE,
            lines::add)) {
      new RespondHandler(
              RespondSettings.from(environment),
              outbox,
              new ResponseScripts(database, clock, Stores.retries(clock)),
              new CaptureIds(clock, random),
              clock,
              Turns::sleep,
              log)
          .handleRequest(
              Events.event("GET", "/s/" + hook).open(),
              OutputStream.nullOutputStream(),
              new LocalContext("respond", "r2", clock, ENOUGH));
    }
  }

  private static SQSEvent poison() {
    SQSEvent.SQSMessage message = new SQSEvent.SQSMessage();
    message.setMessageId("m1");
    message.setBody("no envelope");
    message.setAttributes(Map.of("ApproximateReceiveCount", "1"));
    SQSEvent event = new SQSEvent();
    event.setRecords(List.of(message));
    return event;
  }

  /** Namespace, name and dimensions, as the alarms ask for them. */
  private static Set<String> watched() {
    Template template = Template.read(Template.SOURCE);
    Set<String> watched = new TreeSet<>();
    for (String alarm : template.ofType("AWS::CloudWatch::Alarm")) {
      JsonNode properties = template.properties(alarm);
      String namespace = properties.path("Namespace").asText();
      // Below it are those that the template reads out of logs.
      if (namespace.equals("Hookwell")) {
        watched.add(
            "%s %s %s"
                .formatted(
                    namespace,
                    Template.text(properties.path("MetricName")),
                    Template.list(properties.path("Dimensions"))));
      }
    }
    return watched;
  }

  /** The same as CloudWatch reads it from the log. A metric without a value is none. */
  private Set<String> written() throws IOException {
    Set<String> written = new TreeSet<>();
    for (String line : lines) {
      JsonNode event = new ObjectMapper().readTree(line);
      for (JsonNode directive : event.path("_aws").path("CloudWatchMetrics")) {
        for (JsonNode metric : directive.path("Metrics")) {
          String name = metric.path("Name").asText();
          if (event.path(name).isNumber()) {
            directive
                .path("Dimensions")
                .forEach(dimensions ->
                    written.add(
                        "%s %s %s"
                            .formatted(
                                directive.path("Namespace").asText(),
                                name,
                                Template.list(dimensions))));
          }
        }
      }
    }
    return written;
  }
}

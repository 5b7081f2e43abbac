package dev.hookwell.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code template.yaml}: that an outage is seen, by alarms that can go off. */
final class TemplateAlarmsTest {
  private static final String ALARM = "AWS::CloudWatch::Alarm";

  private final Template template = Template.read(Template.SOURCE);

  @Test
  void everythingThatCanGoWrongHasAnAlarm() {
    Map<String, String> watched = new TreeMap<>();
    for (String alarm : template.ofType(ALARM)) {
      JsonNode properties = template.properties(alarm);
      String of =
          Template.list(properties.path("Dimensions")).stream()
              .map(dimension -> Template.text(dimension.path("Value")))
              .collect(Collectors.joining());
      watched.put(
          alarm,
          (properties.path("Namespace").asText()
                  + " "
                  + Template.text(properties.path("MetricName"))
                  + " "
                  + of)
              .strip());
    }
    assertEquals(
        Map.ofEntries(
            Map.entry("PersistErrorAlarm", "AWS/Lambda Errors PersistFunction"),
            Map.entry("IngestErrorAlarm", "AWS/Lambda Errors IngestFunction"),
            Map.entry("ApiErrorAlarm", "AWS/Lambda Errors ApiFunction"),
            Map.entry("RetentionErrorAlarm", "AWS/Lambda Errors RetentionFunction"),
            Map.entry("PoisonAlarm", "Hookwell Poison"),
            Map.entry(
                "QueueDepthAlarm",
                "AWS/SQS ApproximateNumberOfMessagesVisible CaptureQueue.QueueName"),
            Map.entry(
                "DeadLetterAlarm",
                "AWS/SQS ApproximateNumberOfMessagesVisible DeadLetterQueue.QueueName"),
            Map.entry(
                "HookServerErrorAlarm", "Hookwell/Gateway ${AWS::StackName}-HookServerErrors"),
            Map.entry("IngestThrottleAlarm", "AWS/Lambda Throttles IngestFunction"),
            Map.entry("ApiThrottleAlarm", "AWS/Lambda Throttles ApiFunction"),
            Map.entry("IngestDurationAlarm", "AWS/Lambda Duration IngestFunction"),
            Map.entry("PersistDurationAlarm", "AWS/Lambda Duration PersistFunction")),
        watched);
  }

  @Test
  void everyAlarmTellsSomebodyAndIsQuietWithoutTraffic() {
    for (String alarm : template.ofType(ALARM)) {
      JsonNode properties = template.properties(alarm);
      assertEquals("AlarmTopic", Template.text(properties.path("AlarmActions").path(0)), alarm);
      assertEquals("notBreaching", properties.path("TreatMissingData").asText(), alarm);
      assertTrue(properties.path("AlarmDescription").asText().length() > 20, alarm);
      assertTrue(
          Set.of("GreaterThanThreshold", "GreaterThanOrEqualToThreshold")
              .contains(properties.path("ComparisonOperator").asText()),
          alarm);
      boolean countsFromNothing =
          properties.path("ComparisonOperator").asText().equals("GreaterThanOrEqualToThreshold")
              && template.value(properties.path("Threshold")).asInt() < 1;
      assertFalse(countsFromNothing, alarm + " is always on");
      int of = properties.path("EvaluationPeriods").asInt();
      assertTrue(properties.path("DatapointsToAlarm").asInt(of) <= of, alarm);
    }
  }

  /** An alarm above the timeout never goes off. */
  @ParameterizedTest
  @CsvSource({"IngestDurationAlarm, IngestFunction", "PersistDurationAlarm, PersistFunction"})
  void slownessIsSeenBeforeTheTimeout(String alarm, String function) {
    long threshold = template.properties(alarm).path("Threshold").asLong();
    long timeout = template.properties(function).path("Timeout").asLong() * 1000;
    assertTrue(threshold > 0 && threshold <= timeout * 3 / 4, threshold + " of " + timeout);
  }

  /** The errors of a run of its own every five minutes: a window has to be able to hold them. */
  @Test
  void retentionsErrorsCanReachTheirThreshold() {
    JsonNode alarm = template.properties("RetentionErrorAlarm");
    long runs = alarm.path("Period").asLong() / LocalSystem.RETENTION_INTERVAL.toSeconds();
    assertTrue(alarm.path("Threshold").asLong() < runs);
  }

  @Test
  void answersOf5xxToSendersAreCountedByWhatTheAccessLogSays() {
    JsonNode filter = template.properties("HookServerErrors");
    assertEquals("GatewayLogs", Template.text(filter.path("LogGroupName")));
    assertEquals(
        "{ $.route = \"ANY /h/{proxy+}\" && $.status = \"5*\" }",
        filter.path("FilterPattern").asText());
    String format =
        template.properties("GatewayStage").path("AccessLogSettings").path("Format").asText();
    assertTrue(format.contains("\"route\":\"$context.routeKey\""), format);
    assertTrue(format.contains("\"status\":\"$context.status\""), format);
    JsonNode counted = filter.path("MetricTransformations").path(0);
    JsonNode alarm = template.properties("HookServerErrorAlarm");
    assertEquals(counted.path("MetricNamespace"), alarm.path("Namespace"));
    assertEquals(counted.path("MetricName"), alarm.path("MetricName"));
  }

  @Test
  void theTopicLetsAlarmsAndTheBudgetPublish() {
    JsonNode statement =
        template.properties("AlarmTopicPolicy").path("PolicyDocument").path("Statement").path(0);
    assertEquals(
        "[\"cloudwatch.amazonaws.com\",\"budgets.amazonaws.com\"]",
        statement.path("Principal").path("Service").toString());
    assertEquals("sns:Publish", statement.path("Action").asText());
    assertTrue(statement.path("Condition").toString().contains("aws:SourceAccount"));
    assertTrue(
        template.properties("AlarmTopic").path("KmsMasterKeyId").isMissingNode(),
        "CloudWatch may not publish under the AWS managed key");
  }

  @Test
  void theDashboardIsJsonAndShowsWhatThereIs() throws IOException {
    String body = Template.text(template.properties("Dashboard").path("DashboardBody"));
    Set<String> resources = new TreeSet<>();
    template.section("Resources").fieldNames().forEachRemaining(resources::add);
    Pattern.compile("\\$\\{([A-Za-z:.]+)}")
        .matcher(body)
        .results()
        .map(match -> match.group(1))
        .filter(name -> !name.startsWith("AWS::"))
        .forEach(name -> assertTrue(resources.contains(name.replaceFirst("\\..*", "")), name));

    JsonNode dashboard = new ObjectMapper().readTree(body.replaceAll("\\$\\{[^}]+}", "x"));

    assertEquals(6, dashboard.path("widgets").size());
    for (JsonNode widget : dashboard.path("widgets")) {
      assertEquals("metric", widget.path("type").asText());
      assertFalse(widget.path("properties").path("metrics").isEmpty());
      assertTrue(widget.path("x").asInt() + widget.path("width").asInt() <= 24);
    }
  }

  /** A metric that nobody writes would leave an alarm silent for ever. */
  @Test
  void theMetricsThatAreShownAreThoseThatTheFunctionsWrite() throws IOException {
    String body = Template.text(template.properties("Dashboard").path("DashboardBody"));
    Set<String> shown =
        Pattern.compile("\\[\"Hookwell\", \"(\\w+)\"")
            .matcher(body)
            .results()
            .map(match -> match.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(
        Set.of("Accepted", "Stored", "Duplicate", "Dropped", "Poison", "LagMillis"), shown);
    String code =
        source("ingest-function", "ingest/IngestHandler")
            + source("persist-function", "persist/PersistHandler");
    for (String metric : shown) {
      assertTrue(code.contains('"' + metric + '"'), metric + " is written by no function");
    }
  }

  @Test
  void anAlarmTakesANewVersionBack() {
    Set<String> alarms = new TreeSet<>(template.ofType(ALARM));
    for (String function : List.of("IngestFunction", "ApiFunction")) {
      JsonNode preference = template.properties(function).path("DeploymentPreference");
      assertFalse(preference.path("Alarms").isEmpty(), function);
      preference
          .path("Alarms")
          .forEach(alarm -> assertTrue(alarms.contains(Template.text(alarm)), function));
    }
  }

  private static String source(String module, String name) throws IOException {
    return Files.readString(
        Path.of("..", module, "src", "main", "java", "dev", "hookwell", name + ".java"));
  }
}

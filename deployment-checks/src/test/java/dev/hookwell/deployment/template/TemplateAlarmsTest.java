package dev.hookwell.deployment.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hookwell.capture.Shows;
import dev.hookwell.local.LocalFunctions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code template.yaml}: that an outage is seen, by alarms that can go off. */
@ExtendWith(TemplateSource.class)
final class TemplateAlarmsTest {
  private static final String ALARM = "AWS::CloudWatch::Alarm";

  private final Template template;

  TemplateAlarmsTest(Template template) {
    this.template = template;
  }

  @Test
  @Shows("S26")
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
            Map.entry("StoredBytesAlarm", "Hookwell StoredBytesPercent"),
            Map.entry("HookRowsAlarm", "Hookwell HookRowsPercent"),
            Map.entry("HooksThrottledAlarm", "Hookwell/Gateway ${AWS::StackName}-HooksThrottled"),
            Map.entry("RespondErrorAlarm", "AWS/Lambda Errors RespondFunction"),
            Map.entry("RespondNotKeptAlarm", "Hookwell/Functions ${AWS::StackName}-RespondNotKept"),
            Map.entry(
                "ScriptsThrottledAlarm", "Hookwell/Gateway ${AWS::StackName}-ScriptsThrottled"),
            Map.entry("RespondThrottleAlarm", "AWS/Lambda Throttles RespondFunction"),
            Map.entry("BodyDamagedAlarm", "Hookwell BodyDamaged"),
            Map.entry("ObjectsLeftAlarm", "Hookwell ObjectsLeft"),
            Map.entry("ResponseUnavailableAlarm", "Hookwell ResponseUnavailable"),
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

  /** Each of these alarms means a webhook that is lost or about to be, so one event raises it. */
  @Test
  void whatLosesAWebhookIsToldAtTheFirstOne() {
    for (String alarm :
        List.of(
            "DeadLetterAlarm",
            "PoisonAlarm",
            "BodyDamagedAlarm",
            "IngestErrorAlarm",
            "HookServerErrorAlarm",
            "HooksThrottledAlarm",
            "IngestThrottleAlarm",
            "RespondErrorAlarm",
            "RespondNotKeptAlarm",
            "ScriptsThrottledAlarm",
            "RespondThrottleAlarm")) {
      JsonNode properties = template.properties(alarm);
      assertEquals(1, properties.path("EvaluationPeriods").asInt(), alarm);
      assertTrue(properties.path("DatapointsToAlarm").isMissingNode(), alarm);
      assertTrue(properties.path("Period").asInt() <= 300, alarm);
      assertEquals(0, properties.path("Threshold").asInt(-1), alarm);
      assertEquals("GreaterThanThreshold", properties.path("ComparisonOperator").asText(), alarm);
    }
  }

  /**
   * An object whose removal is refused is logged in one run of ten, so no period may be shorter
   * than ten runs.
   */
  @Test
  void objectsThatAreLeftAreToldWhileRetentionStillTries() {
    JsonNode properties = template.properties("ObjectsLeftAlarm");
    int periods = properties.path("EvaluationPeriods").asInt();
    assertTrue(properties.path("DatapointsToAlarm").isMissingNode());
    assertEquals("Sum", properties.path("Statistic").asText());
    assertEquals("GreaterThanThreshold", properties.path("ComparisonOperator").asText());
    assertEquals(0, properties.path("Threshold").asInt(-1));
    assertTrue(properties.path("Period").asInt() > Duration.ofMinutes(10).toSeconds());
    assertTrue(properties.path("Period").asLong() * periods <= Duration.ofHours(2).toSeconds());
    // It may have begun at the end of the first of them.
    assertTrue(
        properties.path("Period").asLong() * (periods - 1) >= Duration.ofMinutes(45).toSeconds(),
        "a bucket may fail for a moment");
  }

  /** While there is time to act: at 100 percent the oldest captures go, whosever they are. */
  @Test
  void aFullDatabaseIsToldBeforeItIsFull() {
    for (String alarm : List.of("StoredBytesAlarm", "HookRowsAlarm")) {
      JsonNode properties = template.properties(alarm);
      int percent = properties.path("Threshold").asInt();
      assertTrue(percent >= 50 && percent <= 90, alarm + " at " + percent);
      assertEquals(1, properties.path("EvaluationPeriods").asInt(), alarm);
      assertTrue(
          properties.path("Period").asInt() >= 2 * LocalFunctions.RETENTION_INTERVAL.toSeconds(),
          alarm);
    }
  }

  @Test
  void whatPassesByItselfIsToldWithinFiveMinutes() {
    Set<String> later = new TreeSet<>();
    for (String alarm : template.ofType(ALARM)) {
      JsonNode properties = template.properties(alarm);
      int periods = properties.path("EvaluationPeriods").asInt();
      // An alarm that concerns no request may take longer: it has a test of its own.
      if (periods == 1 || alarm.equals("ObjectsLeftAlarm")) {
        continue;
      }
      later.add(alarm);
      assertEquals(60, properties.path("Period").asInt(), alarm);
      assertEquals(5, periods, alarm);
      assertTrue(properties.path("DatapointsToAlarm").asInt() >= 2, alarm);
    }
    assertEquals(
        Set.of(
            "PersistErrorAlarm",
            "QueueDepthAlarm",
            "ResponseUnavailableAlarm",
            "ApiThrottleAlarm",
            "ApiErrorAlarm",
            "IngestDurationAlarm",
            "PersistDurationAlarm"),
        later);
    assertTrue(template.properties("PersistErrorAlarm").path("Threshold").asInt() <= 1);
    assertEquals(0, template.properties("ApiErrorAlarm").path("Threshold").asInt(-1));
    assertEquals(0, template.properties("ApiThrottleAlarm").path("Threshold").asInt(-1));
    assertEquals(0, template.properties("ResponseUnavailableAlarm").path("Threshold").asInt(-1));
    assertEquals(
        "{\"Fn::FindInMap\":[\"Settings\",\"Alarm\",\"QueuedMessages\"]}",
        template.properties("QueueDepthAlarm").path("Threshold").toString());
    int depth = template.section("Mappings").at("/Settings/Alarm/QueuedMessages").asInt();
    assertTrue(depth >= 1000 && depth <= 20000, "a burst is no outage, and an outage no burst");
  }

  /** Errors are added up, depths are not; a metric under another dimension is another metric. */
  @Test
  void everyAlarmAsksForItsMetricAsItIsWritten() {
    for (String alarm : template.ofType(ALARM)) {
      JsonNode properties = template.properties(alarm);
      boolean duration = properties.path("MetricName").asText().equals("Duration");
      String namespace = properties.path("Namespace").asText();
      boolean queue = namespace.equals("AWS/SQS");
      assertEquals(!duration, properties.has("Statistic"), alarm);
      assertEquals(duration, properties.has("ExtendedStatistic"), alarm);
      if (!duration) {
        boolean level = queue || properties.path("MetricName").asText().endsWith("Percent");
        assertEquals(level ? "Maximum" : "Sum", properties.path("Statistic").asText(), alarm);
      }
      boolean ofAws = namespace.startsWith("AWS/");
      assertEquals(ofAws ? 1 : 0, properties.path("Dimensions").size(), alarm);
      if (ofAws) {
        assertEquals(
            queue ? "QueueName" : "FunctionName",
            properties.path("Dimensions").path(0).path("Name").asText(),
            alarm);
      }
      assertEquals(1, properties.path("AlarmActions").size(), alarm);
      // A poisoned message stays one, even when none comes in the next minutes.
      assertEquals(alarm.equals("PoisonAlarm") ? 0 : 1, properties.path("OKActions").size(), alarm);
    }
  }

  /** An alarm above the timeout never goes off. */
  @Test
  void slownessIsSeenBeforeTheTimeout() {
    for (String name : List.of("Ingest", "Persist")) {
      JsonNode alarm = template.properties(name + "DurationAlarm");
      long threshold = alarm.path("Threshold").asLong();
      long timeout = template.properties(name + "Function").path("Timeout").asLong() * 1000;
      assertTrue(
          threshold >= timeout / 4 && threshold <= timeout * 3 / 4, threshold + " of " + timeout);
      assertEquals("p99", alarm.path("ExtendedStatistic").asText(), name);
    }
  }

  /** The errors of a run of its own every five minutes: a window has to be able to hold them. */
  @Test
  void retentionsErrorsCanReachTheirThreshold() {
    JsonNode alarm = template.properties("RetentionErrorAlarm");
    long runs = alarm.path("Period").asLong() / LocalFunctions.RETENTION_INTERVAL.toSeconds();
    assertTrue(runs >= 20 && runs <= 60, runs + " runs");
    assertEquals(1, alarm.path("EvaluationPeriods").asInt());
    long failed = alarm.path("Threshold").asLong();
    assertTrue(failed >= runs / 4 && failed <= runs / 2, failed + " of " + runs);
  }

  /** Each of them is a lost webhook, unless the sender tries again. */
  @Test
  @Shows("S26")
  void whatSendersAreRefusedIsCountedByWhatTheAccessLogSays() {
    assertEquals(
        Set.of("HookServerErrors", "HooksThrottled", "RespondNotKept", "ScriptsThrottled"),
        Set.copyOf(template.ofType("AWS::Logs::MetricFilter")));
    assertCounted(
        "HookServerErrors",
        "GatewayLogs",
        "{ $.route = \"ANY /h/{proxy+}\" && $.status = \"5*\" }",
        "HookServerErrorAlarm");
    assertCounted(
        "HooksThrottled",
        "GatewayLogs",
        "{ $.route = \"ANY /h/{proxy+}\" && $.status = \"429\" }",
        "HooksThrottledAlarm");
    // A script's own 429 raises no alarm: a 429 of the gateway's has no status of a function.
    assertCounted(
        "ScriptsThrottled",
        "GatewayLogs",
        "{ $.route = \"ANY /s/{proxy+}\" && $.status = \"429\" && $.integrationStatus = \"-\" }",
        "ScriptsThrottledAlarm");
    assertCounted(
        "RespondNotKept",
        "RespondLogs",
        "{ $.event = \"respond.not-kept\" || $.event = \"respond.failed\" }",
        "RespondNotKeptAlarm");
    String format =
        template.properties("GatewayStage").path("AccessLogSettings").path("Format").asText();
    assertTrue(format.contains("\"route\":\"$context.routeKey\""), format);
    assertTrue(format.contains("\"status\":\"$context.status\""), format);
    assertTrue(format.contains("\"integrationStatus\":\"$context.integrationStatus\""), format);
    assertEquals(
        "GatewayLogs.Arn",
        Template.text(
            template.properties("GatewayStage").path("AccessLogSettings").path("DestinationArn")));
  }

  private void assertCounted(String name, String logs, String pattern, String alarmName) {
    JsonNode filter = template.properties(name);
    assertEquals(logs, Template.text(filter.path("LogGroupName")));
    assertEquals(pattern, filter.path("FilterPattern").asText());
    JsonNode counted = filter.path("MetricTransformations").path(0);
    assertEquals(1, filter.path("MetricTransformations").size());
    assertEquals("1", counted.path("MetricValue").asText());
    assertEquals(0, counted.path("DefaultValue").asInt(-1));
    assertEquals("${AWS::StackName}-" + name, Template.text(counted.path("MetricName")));
    JsonNode alarm = template.properties(alarmName);
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

  /** 0 would keep ingest from starting; docs/cost.md counts by this number. */
  @Test
  void ofWhatWentWellOneInAHundredIsLogged() {
    assertEquals(100, template.section("Mappings").at("/Settings/Logs/OneIn").asInt());
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
        Set.of("Stored", "Duplicate", "Dropped", "Poison", "LagMillis", "ResponseUnavailable"),
        shown);
    Set<String> watched = new TreeSet<>();
    for (String alarm : template.ofType(ALARM)) {
      JsonNode properties = template.properties(alarm);
      if (properties.path("Namespace").asText().equals("Hookwell")) {
        watched.add(properties.path("MetricName").asText());
      }
    }
    assertEquals(
        Set.of(
            "Poison",
            "StoredBytesPercent",
            "HookRowsPercent",
            "ResponseUnavailable",
            "BodyDamaged",
            "ObjectsLeft"),
        watched);
    String code =
        source("capture-intake", "intake/Intake")
            + source("respond-function", "respond/ScriptResponder")
            + source("api-function", "api/KeptBodies")
            + source("persist-function", "persist/PersistHandler")
            + source("persist-function", "persist/RetentionHandler");
    shown.addAll(watched);
    for (String metric : shown) {
      assertTrue(code.contains('"' + metric + '"'), metric + " is written by no function");
    }
  }

  @Test
  void anAlarmTakesANewVersionBack() {
    Map<String, List<String>> alarms = new TreeMap<>();
    for (String function : template.ofType("AWS::Serverless::Function")) {
      JsonNode preference = template.properties(function).path("DeploymentPreference");
      if (!preference.isMissingNode()) {
        assertTrue(preference.has("Enabled") && preference.has("Type"), function);
        alarms.put(
            function,
            Template.list(preference.path("Alarms")).stream().map(Template::text).toList());
      }
    }
    assertEquals(
        Map.of(
            "IngestFunction", List.of("IngestErrorAlarm", "HookServerErrorAlarm"),
            "RespondFunction", List.of("RespondErrorAlarm", "RespondNotKeptAlarm"),
            "ApiFunction", List.of("ApiErrorAlarm")),
        alarms);
  }

  @Test
  void theBudgetTellsBeforeAndAfter() {
    JsonNode notifications = template.properties("Budget").path("NotificationsWithSubscribers");
    Map<String, Integer> thresholds = new TreeMap<>();
    notifications.forEach(each -> {
      JsonNode notification = each.path("Notification");
      thresholds.put(
          notification.path("NotificationType").asText(), notification.path("Threshold").asInt());
      assertEquals(1, each.path("Subscribers").size());
    });
    assertEquals(Map.of("FORECASTED", 100, "ACTUAL", 80), thresholds);
  }

  private static String source(String module, String name) throws IOException {
    return Files.readString(
        Path.of("..", module, "src", "main", "java", "dev", "hookwell", name + ".java"));
  }
}

package dev.hookwell.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hookwell.store.Database;
import dev.hookwell.store.HookLimits;
import dev.hookwell.store.Migrations;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code template.yaml}: that it fits the code and the local runner, and the relations between its
 * numbers that neither SAM nor CloudFormation looks at.
 */
final class TemplateTest {
  private static final String FUNCTION = "AWS::Serverless::Function";
  private static final Set<String> WITH_DATABASE =
      Set.of("PersistFunction", "RetentionFunction", "ApiFunction");

  /** Of API Gateway, for the integrations of an HTTP API. */
  private static final Duration LONGEST_INTEGRATION = Duration.ofSeconds(30);

  private final Template template = Template.read(Template.SOURCE);

  @Test
  void everyHandlerExistsAndHasAPublicConstructorWithoutArguments() throws Exception {
    Map<String, String> handlers = new TreeMap<>();
    for (String function : template.ofType(FUNCTION)) {
      String handler = template.properties(function).path("Handler").asText();
      handlers.put(function, handler);
      Class<?> type = Class.forName(handler, false, getClass().getClassLoader());
      assertTrue(Modifier.isPublic(type.getModifiers()), handler);
      assertTrue(Modifier.isPublic(type.getDeclaredConstructor().getModifiers()), handler);
    }
    assertEquals(
        Map.of(
            "IngestFunction", "dev.hookwell.ingest.IngestHandler",
            "PersistFunction", "dev.hookwell.persist.PersistHandler",
            "MigrationFunction", "dev.hookwell.persist.MigrationHandler",
            "RetentionFunction", "dev.hookwell.persist.RetentionHandler",
            "ApiFunction", "dev.hookwell.api.ApiHandler"),
        handlers);
  }

  @Test
  void everyFunctionIsTheJarOfTheModuleThatHoldsItsHandler() {
    for (String function : template.ofType(FUNCTION)) {
      JsonNode properties = template.properties(function);
      String jar = properties.path("CodeUri").asText();
      String module = jar.substring(0, jar.indexOf('/'));
      assertEquals(module + "/target/" + module + ".jar", jar);
      Path source =
          Path.of("..", module, "src", "main", "java")
              .resolve(properties.path("Handler").asText().replace('.', '/') + ".java");
      assertTrue(Files.exists(source), source.toString());
      assertTrue(template.resource(function).path("Metadata").path("SkipBuild").asBoolean(), jar);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "IngestFunction, 1769, 6",
    "PersistFunction, 1024, 10",
    "MigrationFunction, 512, 120",
    "RetentionFunction, 512, 60",
    "ApiFunction, 1024, 25"
  })
  void everyFunctionHasItsMemoryAndItsTime(String function, int memory, int seconds) {
    assertEquals(memory, template.properties(function).path("MemorySize").asInt());
    assertEquals(seconds, template.properties(function).path("Timeout").asInt());
  }

  @Test
  void functionsRunOnJava25AndArmWithTheRuntimesOwnSettings() {
    JsonNode globals = template.section("Globals").path("Function");
    assertEquals("java25", globals.path("Runtime").asText());
    assertEquals(List.of("arm64"), texts(globals.path("Architectures")));
    Set<String> settable = Set.of("Runtime", "Architectures");
    globals.fieldNames().forEachRemaining(name -> assertTrue(settable.contains(name), name));
    String all = template.root().toString();
    for (String unwanted :
        List.of("SnapStart", "JAVA_TOOL_OPTIONS", "ReservedConcurrentExecutions")) {
      assertFalse(all.contains(unwanted), unwanted);
    }
  }

  @Test
  void theLocalRunnerGivesFunctionsTheTimeThatTheCloudDoes() {
    assertEquals(LocalSystem.INGEST_TIMEOUT, timeout("IngestFunction"));
    assertEquals(LocalSystem.API_TIMEOUT, timeout("ApiFunction"));
    assertEquals(LocalSystem.RETENTION_TIMEOUT, timeout("RetentionFunction"));
    assertEquals(PumpSettings.ofTemplate().functionTimeout(), timeout("PersistFunction"));
  }

  @Test
  void databaseTimeoutsEndBeforeTheirFunctions() {
    Database.Settings usual = Database.Settings.forFunction("test");
    for (String function : WITH_DATABASE) {
      Duration longest = usual.loginTimeout().plus(usual.socketTimeout());
      assertTrue(longest.compareTo(timeout(function)) < 0, function);
    }
    Database.Settings slow = Database.Settings.forMigrations("test");
    Duration migration = timeout("MigrationFunction");
    assertTrue(slow.loginTimeout().plus(slow.socketTimeout()).compareTo(migration) < 0);
    assertTrue(Migrations.Settings.DEFAULT.longestWait().compareTo(migration) < 0);
    assertTrue(Migrations.Settings.DEFAULT.lease().compareTo(migration) < 0);
  }

  @Test
  void theLocalQueueIsTheOneOfTheTemplate() {
    JsonNode queue = template.properties("CaptureQueue");
    QueueSettings local = QueueSettings.ofTemplate();
    assertEquals(local.visibilityTimeout(), seconds(queue, "VisibilityTimeout"));
    assertEquals(local.maximumMessageBytes(), queue.path("MaximumMessageSize").asInt());
    assertEquals(local.maxReceiveCount(), receives());
  }

  @Test
  void theLocalPumpIsTheEventSourceMappingOfTheTemplate() {
    PumpSettings local = PumpSettings.ofTemplate();
    assertEquals(
        local.concurrency(), captures().path("ScalingConfig").path("MaximumConcurrency").asInt());
    assertEquals(
        local.lastRetry(), seconds(template.properties("CaptureQueue"), "VisibilityTimeout"));
  }

  @Test
  void aMessageIsNeverHandedOutAgainWhileItIsBeingStored() {
    Duration longest =
        timeout("PersistFunction")
            .multipliedBy(6)
            .plus(seconds(captures(), "MaximumBatchingWindowInSeconds"));
    Duration away = seconds(template.properties("CaptureQueue"), "VisibilityTimeout");
    assertTrue(away.compareTo(longest) >= 0, away + " is less than " + longest);
  }

  @Test
  void anOutageOfNineHoursMovesNothingToTheDeadLetters() {
    Duration away = seconds(template.properties("CaptureQueue"), "VisibilityTimeout");
    Duration outage = away.multipliedBy(receives());
    assertTrue(receives() <= 1000, "SQS takes 1,000 at most");
    assertTrue(outage.compareTo(Duration.ofHours(9)) > 0, outage.toString());
    Duration kept = seconds(template.properties("CaptureQueue"), "MessageRetentionPeriod");
    assertTrue(outage.compareTo(kept) < 0, "a message would expire before it is a dead letter");
  }

  @Test
  void deadLettersAreKeptLongerThanMessagesLiveInTheQueue() {
    Duration kept = seconds(template.properties("CaptureQueue"), "MessageRetentionPeriod");
    Duration dead = seconds(template.properties("DeadLetterQueue"), "MessageRetentionPeriod");
    assertTrue(dead.compareTo(kept.plusDays(1)) > 0, "a message keeps its age when it is moved");
    assertTrue(dead.compareTo(Duration.ofDays(14)) <= 0, "SQS keeps nothing longer");
    assertEquals(
        template.properties("CaptureQueue").path("MaximumMessageSize"),
        template.properties("DeadLetterQueue").path("MaximumMessageSize"));
  }

  @Test
  void batchesReportTheMessagesThatFailed() {
    assertEquals(
        List.of("ReportBatchItemFailures"), texts(captures().path("FunctionResponseTypes")));
    assertEquals("CaptureQueue.Arn", Template.text(captures().path("Queue")));
    int size = captures().path("BatchSize").asInt();
    int window = captures().path("MaximumBatchingWindowInSeconds").asInt();
    assertTrue(size <= 10 || window >= 1, "more than 10 messages need a window");
    int concurrency = captures().path("ScalingConfig").path("MaximumConcurrency").asInt();
    assertTrue(concurrency >= 2 && concurrency <= 1000, "SQS event sources take from 2 to 1,000");
  }

  @Test
  void queuesNameEachOtherWithoutACircle() {
    JsonNode redrive = template.properties("CaptureQueue").path("RedrivePolicy");
    assertEquals("DeadLetterQueue.Arn", Template.text(redrive.path("deadLetterTargetArn")));
    JsonNode allowed = template.properties("DeadLetterQueue").path("RedriveAllowPolicy");
    assertEquals("byQueue", allowed.path("redrivePermission").asText());
    String name = Template.text(template.properties("CaptureQueue").path("QueueName"));
    assertEquals("${AWS::StackName}-captures", name);
    assertEquals(
        List.of("arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:" + name),
        texts(allowed.path("sourceQueueArns")));
  }

  @Test
  void theGatewayHasTwoRoutesAndNoAnswersOfItsOwn() {
    Map<String, String> routes = new TreeMap<>();
    for (String route : template.ofType("AWS::ApiGatewayV2::Route")) {
      JsonNode properties = template.properties(route);
      String key = properties.path("RouteKey").asText();
      assertTrue(key.matches("\\$default|[A-Z]+ /\\S*"), key);
      routes.put(key, Template.text(properties.path("Target")));
      assertEquals("Gateway", Template.text(properties.path("ApiId")));
    }
    assertEquals(
        Map.of(
            "ANY /h/{proxy+}", "integrations/${IngestIntegration}",
            "$default", "integrations/${ApiIntegration}"),
        routes);
    assertFalse(template.root().toString().contains("CorsConfiguration"));
    assertEquals(List.of(), template.ofType("AWS::Serverless::HttpApi"));
    assertEquals("HTTP", template.properties("Gateway").path("ProtocolType").asText());
    assertEquals("$default", template.properties("GatewayStage").path("StageName").asText());
    assertTrue(template.properties("GatewayStage").path("AutoDeploy").asBoolean());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Ingest", "Api"})
  void theGatewayOutlastsTheFunctionAndSpeaksItsFormat(String name) {
    JsonNode integration = template.properties(name + "Integration");
    assertEquals("AWS_PROXY", integration.path("IntegrationType").asText());
    assertEquals("2.0", integration.path("PayloadFormatVersion").asText());
    assertEquals(name + "Function.Alias", Template.text(integration.path("IntegrationUri")));
    Duration wait = Duration.ofMillis(integration.path("TimeoutInMillis").asLong());
    assertEquals(GatewaySettings.ofAws(0).integrationTimeout(), wait);
    assertTrue(wait.compareTo(LONGEST_INTEGRATION) <= 0, "an HTTP API waits for 30 s at most");
    assertTrue(wait.compareTo(timeout(name + "Function")) > 0, "the function's own answer is lost");
  }

  @Test
  void hooksAndPagesHaveThrottlesOfTheirOwn() {
    JsonNode stage = template.properties("GatewayStage");
    assertEquals(Set.of("ANY /h/{proxy+}"), names(stage.path("RouteSettings")));
    assertEquals(
        Set.of("HookRoute", "DefaultRoute"),
        Set.copyOf(texts(template.resource("GatewayStage").path("DependsOn"))),
        "the settings of a route are refused while it isn't there");
    for (JsonNode settings :
        List.of(
            stage.path("DefaultRouteSettings"),
            stage.path("RouteSettings").path("ANY /h/{proxy+}"))) {
      int rate = template.value(settings.path("ThrottlingRateLimit")).asInt();
      assertTrue(rate >= 1, "a rate of 0 refuses everything");
      assertTrue(template.value(settings.path("ThrottlingBurstLimit")).asInt() >= rate);
    }
  }

  @Test
  void theSchemaIsMigratedWhenTheMigrationsChangeAndBeforeTheCodeThatNeedsIt() {
    JsonNode schema = template.properties("Schema");
    assertEquals(
        Migrations.hash(),
        schema.path("SchemaHash").asText(),
        "write the new hash of the migrations into template.yaml");
    assertEquals("MigrationFunction.Arn", Template.text(schema.path("ServiceToken")));
    Duration wait = seconds(schema, "ServiceTimeout");
    assertTrue(wait.compareTo(timeout("MigrationFunction").multipliedBy(2)) > 0);
    assertTrue(
        wait.compareTo(Duration.ofHours(1)) <= 0, "CloudFormation waits for an hour at most");
    for (String function : WITH_DATABASE) {
      assertEquals(List.of("Schema"), texts(template.resource(function).path("DependsOn")));
    }
  }

  @Test
  void retentionRunsAsOftenAsInTheLocalRunner() {
    JsonNode schedule =
        template.properties("RetentionFunction").path("Events").path("Schedule").path("Properties");
    String rate = schedule.path("ScheduleExpression").asText();
    assertTrue(
        rate.matches("rate\\((1 (minute|hour|day)|([2-9]|[1-9]\\d+) (minutes|hours|days))\\)"),
        rate);
    assertEquals("rate(" + LocalSystem.RETENTION_INTERVAL.toMinutes() + " minutes)", rate);
    assertTrue(timeout("RetentionFunction").compareTo(LocalSystem.RETENTION_INTERVAL) < 0);
    assertEquals("${AWS::StackName}-retention", Template.text(schedule.path("Name")));
  }

  @Test
  void limitsAreThoseOfTheCode() {
    for (String function : WITH_DATABASE) {
      Map<String, JsonNode> variables = template.environment(function);
      assertEquals(
          HookLimits.DEFAULT,
          new HookLimits(
              Duration.parse(setting(variables, "CAPTURE_LIFETIME")),
              Long.parseLong(setting(variables, "QUOTA_CAPTURES")),
              Long.parseLong(setting(variables, "QUOTA_BYTES"))),
          function);
    }
    Map<String, JsonNode> api = template.environment("ApiFunction");
    assertEquals(Duration.ofDays(365), Duration.parse(setting(api, "HOOK_LIFETIME")));
    assertEquals(Duration.ofDays(1095), Duration.parse(setting(api, "HOOK_MAX_LIFETIME")));
  }

  @Test
  void functionsWithAnAliasPublishEveryChange() {
    for (String function : List.of("IngestFunction", "PersistFunction", "ApiFunction")) {
      JsonNode properties = template.properties(function);
      assertEquals("live", properties.path("AutoPublishAlias").asText());
      assertTrue(properties.path("AutoPublishAliasAllProperties").asBoolean(), function);
    }
    // Whatever calls these names the function itself, so a version would never run.
    for (String function : List.of("MigrationFunction", "RetentionFunction")) {
      assertTrue(template.properties(function).path("AutoPublishAlias").isMissingNode());
    }
  }

  @Test
  void everyWayToDeployIsOneOfCodeDeploysAndAllAtOnceDoesWithoutIt() {
    JsonNode ways = template.section("Mappings").path("DeploymentWays");
    JsonNode parameter = template.section("Parameters").path("Deployment");
    assertEquals("AllAtOnce", parameter.path("Default").asText());
    assertEquals(Set.copyOf(texts(parameter.path("AllowedValues"))), names(ways));
    for (String way : names(ways)) {
      assertTrue(
          way.matches(
              "AllAtOnce|Canary10Percent(5|10|15|30)Minutes"
                  + "|Linear10PercentEvery(1Minute|2Minutes|3Minutes|10Minutes)"),
          way);
      assertEquals(!way.equals("AllAtOnce"), ways.path(way).path("Gradual").asBoolean(), way);
    }
  }

  @Test
  void parametersSayWhatTheyAreForAndTakeNothingElse() {
    JsonNode parameters = template.section("Parameters");
    assertTrue(parameters.size() <= 12, "each one is a question of sam deploy --guided");
    for (Map.Entry<String, JsonNode> entry : parameters.properties()) {
      String name = entry.getKey();
      JsonNode parameter = entry.getValue();
      assertTrue(parameter.path("Description").asText().length() > 20, name);
      boolean limited =
          parameter.has("AllowedPattern")
              || parameter.has("AllowedValues")
              || parameter.has("MinValue");
      assertTrue(limited, name + " takes anything");
      if (parameter.has("AllowedPattern") && parameter.has("Default")) {
        String value = parameter.path("Default").asText();
        assertTrue(value.matches(parameter.path("AllowedPattern").asText()), name);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "DatabaseUrl, postgresql://u:p%40@h.example:26257/hookwell?sslmode=verify-full, true",
    "DatabaseUrl, postgresql://h.example/hookwell, false",
    "DatabaseUrl, jdbc:postgresql://u:p@h.example/hookwell, false",
    "DomainName, hooks.example.com, true",
    "DomainName, https://hooks.example.com, false",
    "DomainName, Hooks.example.com, false",
    "BlockedHooks, AQFsAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA, true",
    "BlockedHooks, AQFs, false",
    "AlarmEmail, ops@example.com, true",
    "AlarmEmail, ops, false"
  })
  void patternsTakeWhatTheCodeTakes(String parameter, String value, boolean taken) {
    String pattern = template.section("Parameters").path(parameter).path("AllowedPattern").asText();
    assertEquals(taken, value.matches(pattern), parameter + " " + value);
  }

  @Test
  void noMappingHasTheNameOfAResource() {
    Set<String> both = names(template.section("Mappings"));
    both.retainAll(names(template.section("Resources")));
    assertEquals(Set.of(), both);
  }

  @Test
  void theOutputsNameWhatAnOperatorNeeds() {
    assertTrue(
        names(template.section("Outputs"))
            .containsAll(
                Set.of(
                    "PageUrl",
                    "ApiUrl",
                    "QueueUrl",
                    "DeadLetterQueueUrl",
                    "DashboardUrl",
                    "RedriveCommand",
                    "DatabaseSecretName")));
    assertEquals(
        "aws sqs start-message-move-task --region ${AWS::Region}"
            + " --source-arn ${DeadLetterQueue.Arn}",
        Template.text(template.section("Outputs").path("RedriveCommand").path("Value")));
  }

  @Test
  void theJarsAreNamedAsTheBuildNamesThem() throws Exception {
    String build = Files.readString(Path.of("..", "pom.xml"));
    assertTrue(
        build.contains("<outputFile>${project.build.directory}/${project.artifactId}.jar<"), build);
  }

  private Duration timeout(String function) {
    return seconds(template.properties(function), "Timeout");
  }

  private JsonNode captures() {
    return template
        .properties("PersistFunction")
        .path("Events")
        .path("Captures")
        .path("Properties");
  }

  private int receives() {
    return template
        .properties("CaptureQueue")
        .path("RedrivePolicy")
        .path("maxReceiveCount")
        .asInt();
  }

  private String setting(Map<String, JsonNode> variables, String name) {
    return template.value(variables.getOrDefault(name, template.root().path(""))).asText();
  }

  private static Duration seconds(JsonNode properties, String name) {
    assertTrue(properties.path(name).isIntegralNumber(), name + " is not there");
    return Duration.ofSeconds(properties.path(name).asLong());
  }

  private static List<String> texts(JsonNode oneOrMore) {
    return Template.list(oneOrMore).stream().map(Template::text).toList();
  }

  private static Set<String> names(JsonNode object) {
    return object.properties().stream()
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}

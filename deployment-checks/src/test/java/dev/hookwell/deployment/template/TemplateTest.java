package dev.hookwell.deployment.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hookwell.capture.Environment;
import dev.hookwell.capture.Shows;
import dev.hookwell.local.LocalFunctions;
import dev.hookwell.local.bodies.LocalBodies;
import dev.hookwell.local.gateway.GatewaySettings;
import dev.hookwell.local.queue.PumpSettings;
import dev.hookwell.local.queue.QueueSettings;
import dev.hookwell.store.Database;
import dev.hookwell.store.HookLimits;
import dev.hookwell.store.Migrations;
import dev.hookwell.store.StoreLimits;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * {@code template.yaml}: that it fits the code and the local runner, and the relations between its
 * numbers that neither SAM nor CloudFormation checks.
 */
@ExtendWith(TemplateSource.class)
final class TemplateTest {
  private static final String FUNCTION = "AWS::Serverless::Function";
  private static final Set<String> WITH_CAPTURES =
      Set.of("PersistFunction", "RetentionFunction", "ApiFunction");
  private static final Set<String> WITH_DATABASE =
      Set.of("PersistFunction", "RetentionFunction", "ApiFunction", "RespondFunction");

  /** Of API Gateway, for the integrations of an HTTP API. */
  private static final Duration LONGEST_INTEGRATION = Duration.ofSeconds(30);

  private final Template template;

  TemplateTest(Template template) {
    this.template = template;
  }

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
            "RespondFunction", "dev.hookwell.respond.RespondHandler",
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

  /** The build with {@code -Pcold-start} puts the package of ingest in its place. */
  @Test
  void theJarOfIngestStandsInOneLine() throws IOException {
    assertEquals(
        1,
        Files.readAllLines(Path.of("..", "template.yaml")).stream()
            .filter("      CodeUri: ingest-function/target/ingest-function.jar"::equals)
            .count());
  }

  @Test
  void everyFunctionHasItsMemoryAndItsTime() {
    Map<String, String> given = new TreeMap<>();
    for (String function : template.ofType(FUNCTION)) {
      JsonNode properties = template.properties(function);
      given.put(
          function,
          "%s MB, %s s".formatted(properties.path("MemorySize"), properties.path("Timeout")));
    }
    assertEquals(
        Map.of(
            "IngestFunction", "1769 MB, 6 s",
            "RespondFunction", "1769 MB, 20 s",
            "PersistFunction", "1024 MB, 10 s",
            "MigrationFunction", "512 MB, 120 s",
            "RetentionFunction", "512 MB, 50 s",
            "ApiFunction", "1024 MB, 25 s"),
        given);
  }

  @Test
  void functionsRunOnJava25AndArmWithTheRuntimesOwnSettings() {
    JsonNode globals = template.section("Globals").path("Function");
    assertEquals("java25", globals.path("Runtime").asText());
    assertEquals(List.of("arm64"), texts(globals.path("Architectures")));
    Set<String> settable = Set.of("Runtime", "Architectures");
    globals.fieldNames().forEachRemaining(name -> assertTrue(settable.contains(name), name));
    String all = template.root().toString();
    for (String unwanted : List.of("SnapStart", "JAVA_TOOL_OPTIONS")) {
      assertFalse(all.contains(unwanted), unwanted);
    }
  }

  @Test
  void theLocalRunnerGivesFunctionsTheTimeThatTheCloudDoes() {
    assertEquals(LocalFunctions.INGEST_TIMEOUT, timeout("IngestFunction"));
    assertEquals(LocalFunctions.RESPOND_TIMEOUT, timeout("RespondFunction"));
    assertEquals(LocalFunctions.API_TIMEOUT, timeout("ApiFunction"));
    assertEquals(LocalFunctions.RETENTION_TIMEOUT, timeout("RetentionFunction"));
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
            .plus(Duration.ofSeconds(batches("large").path("Window").asLong()));
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
    assertTrue(kept.compareTo(Duration.ofDays(7)) >= 0, "an operator has a week to mend things");
  }

  @Test
  @Shows("S11")
  void deadLettersAreKeptLongerThanMessagesLiveInTheQueue() {
    Duration kept = seconds(template.properties("CaptureQueue"), "MessageRetentionPeriod");
    Duration dead = seconds(template.properties("DeadLetterQueue"), "MessageRetentionPeriod");
    assertTrue(dead.compareTo(kept.plusDays(1)) > 0, "a message keeps its age when it is moved");
    assertTrue(dead.compareTo(Duration.ofDays(14)) <= 0, "SQS keeps nothing longer");
    assertEquals(
        template.properties("CaptureQueue").path("MaximumMessageSize"),
        template.properties("DeadLetterQueue").path("MaximumMessageSize"));
  }

  /** Put back by hand, a dead letter is a new message, with all of a message's time before it. */
  @Test
  void anObjectOutlivesEveryMessageAndEveryRowThatPointsToIt() {
    Duration kept = seconds(template.properties("CaptureQueue"), "MessageRetentionPeriod");
    Duration dead = seconds(template.properties("DeadLetterQueue"), "MessageRetentionPeriod");
    Duration life =
        Duration.parse(template.section("Mappings").at("/Settings/Capture/Lifetime").asText());
    Duration object =
        Duration.ofDays(template.section("Mappings").at("/Settings/Capture/ObjectDays").asInt());
    Duration longest = life.compareTo(kept.plus(dead)) > 0 ? life : kept.plus(dead);
    assertEquals(longest, object);
    assertEquals(LocalBodies.LONGEST_WAY, kept.plus(dead));
  }

  @Test
  void batchesReportTheMessagesThatFailed() {
    JsonNode events = template.properties("PersistFunction").path("Events");
    assertEquals(Set.of("Captures"), names(events));
    assertEquals("SQS", events.path("Captures").path("Type").asText());
    assertEquals(
        Set.of(
            "Queue",
            "BatchSize",
            "MaximumBatchingWindowInSeconds",
            "FunctionResponseTypes",
            "ScalingConfig"),
        names(captures()),
        "a filter would delete what it does not take");
    assertEquals(
        List.of("ReportBatchItemFailures"), texts(captures().path("FunctionResponseTypes")));
    assertEquals("CaptureQueue.Arn", Template.text(captures().path("Queue")));
    int concurrency = captures().path("ScalingConfig").path("MaximumConcurrency").asInt();
    assertTrue(concurrency >= 2 && concurrency <= 1000, "SQS event sources take from 2 to 1,000");
  }

  /** With any window a queue on which little comes may wait 20 s; above 10 there has to be one. */
  @Test
  void aBatchWaitsForNothingUnlessTheOperatorHasAVolumeOfMessages() {
    assertEquals(
        Map.of(
            "small", "{\"Messages\":10,\"Window\":0}", "large", "{\"Messages\":1000,\"Window\":1}"),
        template.section("Mappings").path("BatchSizes").properties().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, size -> size.getValue().toString())));
    for (String batches : List.of("small", "large")) {
      JsonNode mapping = new StackValues(template, Map.of("Batches", batches)).value(captures());
      assertEquals(batches(batches).path("Messages"), mapping.path("BatchSize"));
      assertEquals(batches(batches).path("Window"), mapping.path("MaximumBatchingWindowInSeconds"));
    }
    int local = PumpSettings.ofTemplate().batchSize();
    assertTrue(local > batches("small").path("Messages").asInt());
    assertTrue(local < batches("large").path("Messages").asInt());
  }

  /** A hook is noisy to SQS when it has 30 messages in flight, and over a tenth of all. */
  @Test
  void aFloodOfOneHookCanBeNoticedByTheQueue() {
    int concurrency = captures().path("ScalingConfig").path("MaximumConcurrency").asInt();
    int inFlight = concurrency * batches("small").path("Messages").asInt();
    assertTrue(inFlight >= 30, inFlight + " messages are in flight at most");
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
  void theGatewayHasThreeRoutesAndNoAnswersOfItsOwn() {
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
            "ANY /s/{proxy+}", "integrations/${RespondIntegration}",
            "$default", "integrations/${ApiIntegration}"),
        routes);
    assertFalse(template.root().toString().contains("CorsConfiguration"));
    assertEquals(List.of(), template.ofType("AWS::Serverless::HttpApi"));
    assertEquals("HTTP", template.properties("Gateway").path("ProtocolType").asText());
    assertEquals("$default", template.properties("GatewayStage").path("StageName").asText());
    assertTrue(template.properties("GatewayStage").path("AutoDeploy").asBoolean());
  }

  @Test
  void theGatewayOutlastsTheFunctionAndSpeaksItsFormat() {
    assertEquals(
        List.of("IngestIntegration", "RespondIntegration", "ApiIntegration"),
        template.ofType("AWS::ApiGatewayV2::Integration"));
    for (String name : List.of("Ingest", "Respond", "Api")) {
      JsonNode integration = template.properties(name + "Integration");
      assertEquals("Gateway", Template.text(integration.path("ApiId")));
      assertEquals("AWS_PROXY", integration.path("IntegrationType").asText());
      // Only payload format 2.0 is read by capture-core.
      assertEquals("2.0", integration.path("PayloadFormatVersion").asText());
      assertEquals(name + "Function.Alias", Template.text(integration.path("IntegrationUri")));
      Duration wait = Duration.ofMillis(integration.path("TimeoutInMillis").asLong());
      assertEquals(GatewaySettings.ofAws(0).integrationTimeout(), wait);
      assertTrue(wait.compareTo(LONGEST_INTEGRATION) <= 0, "an HTTP API waits for 30 s at most");
      assertTrue(
          wait.compareTo(timeout(name + "Function")) > 0, "the function's own answer is lost");
    }
  }

  @Test
  @Shows("S26")
  void hooksAndPagesHaveThrottlesOfTheirOwn() {
    JsonNode stage = template.properties("GatewayStage");
    assertEquals(Set.of("ANY /h/{proxy+}", "ANY /s/{proxy+}"), names(stage.path("RouteSettings")));
    assertEquals(
        Set.of("HookRoute", "ScriptRoute", "DefaultRoute"),
        Set.copyOf(texts(template.resource("GatewayStage").path("DependsOn"))),
        "the settings of a route are refused while it isn't there");
    JsonNode hooks = stage.path("RouteSettings").path("ANY /h/{proxy+}");
    int hookRate = template.value(hooks.path("ThrottlingRateLimit")).asInt();
    int hookBurst = template.value(hooks.path("ThrottlingBurstLimit")).asInt();
    assertTrue(hookRate >= 50, "senders that the system could serve are refused");
    assertTrue(hookRate <= 500, "one flood costs more than a site: docs/cost.md");
    // From the burst of a load test that lost nothing, to the burst that an account takes.
    assertTrue(hookBurst >= 3000 && hookBurst <= 5000, "burst " + hookBurst);
  }

  /** Any other value ends the function at its start. */
  @Test
  void whatIsCapturedCanBeSearched() {
    assertEquals("on", setting(template.environment("ApiFunction"), "SEARCH"));
  }

  /** A script's delay holds an instance: 10 a second of 3 s hold 30 of the account's 1,000. */
  @Test
  void slowScriptsLeaveInstancesToHooks() {
    JsonNode scripts =
        template.properties("GatewayStage").path("RouteSettings").path("ANY /s/{proxy+}");
    assertEquals(10, template.value(scripts.path("ThrottlingRateLimit")).asInt());
    assertEquals(20, template.value(scripts.path("ThrottlingBurstLimit")).asInt());
    Duration delay =
        Duration.parse(setting(template.environment("RespondFunction"), "LONGEST_DELAY"));
    assertEquals(Duration.ofSeconds(3), delay);
    assertEquals(
        "off", template.section("Parameters").path("ResponseScripts").path("Default").asText());
    JsonNode reserved = template.section("Parameters").path("RespondReservedConcurrency");
    assertEquals(0, reserved.path("Default").asInt(-1), "none by default");
    // A second of the database, 2.5 of the queue, and the longest delay that there can be.
    Duration longest = Duration.ofMillis(1000 + 2500 + 10_000);
    assertTrue(longest.plusSeconds(5).compareTo(timeout("RespondFunction")) < 0);
  }

  /** Bounds how many of the account's 1,000 instances api can hold; the rest is for senders. */
  @Test
  @Shows("S26")
  void pagesLeaveInstancesToHooks() {
    JsonNode pages = template.properties("GatewayStage").path("DefaultRouteSettings");
    int rate = template.value(pages.path("ThrottlingRateLimit")).asInt();
    int burst = template.value(pages.path("ThrottlingBurstLimit")).asInt();
    assertTrue(rate >= 20 && burst >= rate, "a page asks some ten times when it is opened");
    long wait = Duration.parse("PT5S").toSeconds();
    assertTrue(burst + rate * wait <= 500, "api could hold " + (burst + rate * wait));
    assertEquals(
        "If(HasApiReservedConcurrency, PT20S, PT5S)",
        Template.text(template.variable("ApiFunction", "LONGEST_WAIT")));
    for (String function : template.ofType(FUNCTION)) {
      assertEquals(
          Set.of("ApiFunction", "RespondFunction").contains(function),
          template.properties(function).has("ReservedConcurrentExecutions"),
          "a new account has 10 in all, and a reservation bounds " + function);
    }
    JsonNode reserved = template.section("Parameters").path("ApiReservedConcurrency");
    assertEquals(0, reserved.path("Default").asInt(-1), "none by default");
  }

  @Test
  void instancesThatAreAlwaysReadyAreIngestsAlone() {
    for (String function : template.ofType(FUNCTION)) {
      assertEquals(
          function.equals("IngestFunction"),
          template.properties(function).has("ProvisionedConcurrencyConfig"),
          function);
    }
    JsonNode ready = template.section("Parameters").path("IngestProvisionedConcurrency");
    assertEquals(0, ready.path("Default").asInt(-1), "none by default: they cost");
    assertEquals(0, template.section("Parameters").path("MonthlyBudget").path("Default").asInt(-1));
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
    assertEquals(Duration.ofMinutes(1), LocalFunctions.RETENTION_INTERVAL);
    assertEquals("rate(1 minute)", rate);
    assertTrue(
        timeout("RetentionFunction").plusSeconds(5).compareTo(LocalFunctions.RETENTION_INTERVAL)
            < 0,
        "two runs would meet");
    assertEquals("${AWS::StackName}-retention", Template.text(schedule.path("Name")));
    assertEquals("ScheduleRole.Arn", Template.text(schedule.path("RoleArn")));
    assertEquals(
        Set.of("Name", "ScheduleExpression", "FlexibleTimeWindow", "RetryPolicy", "RoleArn"),
        names(schedule));
    JsonNode retention = template.properties("RetentionFunction");
    assertEquals("ScheduleV2", retention.path("Events").path("Schedule").path("Type").asText());
    // The next run comes anyway: none is repeated, and none comes late and meets it.
    for (JsonNode once :
        List.of(schedule.path("RetryPolicy"), retention.path("EventInvokeConfig"))) {
      assertEquals(0, once.path("MaximumRetryAttempts").asInt(-1));
      assertEquals(
          LocalFunctions.RETENTION_INTERVAL.toSeconds(),
          once.path("MaximumEventAgeInSeconds").asInt());
    }
    assertEquals("OFF", schedule.path("FlexibleTimeWindow").path("Mode").asText());
  }

  @Test
  void limitsAreThoseOfTheCode() {
    for (String function : WITH_CAPTURES) {
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

  /** An operator who gives no parameter, and one who sets no variable, have the same bounds. */
  @Test
  void boundsOnAllHooksAreThoseOfTheCode() {
    JsonNode parameters = template.section("Parameters");
    for (String function : List.of("RetentionFunction", "ApiFunction")) {
      Map<String, String> told = new HashMap<>();
      for (String bound : List.of("HOOKS_LIMIT", "STORED_BYTES_LIMIT")) {
        String parameter = Template.text(template.variable(function, bound));
        told.put(bound, parameters.path(parameter).path("Default").asText());
      }
      assertEquals(StoreLimits.DEFAULT, StoreLimits.from(new Environment(told)), function);
    }
    assertEquals(StoreLimits.DEFAULT, StoreLimits.from(new Environment(Map.of())));
  }

  @Test
  void everyWayToDeployIsOneOfCodeDeploysAndAllAtOnceDoesWithoutIt() {
    JsonNode ways = template.section("Mappings").path("DeploymentWays");
    JsonNode parameter = template.section("Parameters").path("Deployment");
    assertEquals("AllAtOnce", parameter.path("Default").asText());
    assertEquals(Set.copyOf(texts(parameter.path("AllowedValues"))), names(ways));
    for (String way : names(ways)) {
      assertEquals(Set.of("Gradual"), names(ways.path(way)));
      assertTrue(Set.of("true", "false").contains(ways.path(way).path("Gradual").asText()), way);
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
    assertTrue(parameters.size() <= 22, "each one is a question of sam deploy --guided");
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

  @Test
  void patternsTakeWhatTheCodeTakes() {
    String hook = "AQFsAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    assertTaken(
        "DatabaseUrl",
        List.of("postgresql://u:p%40@h.example:26257/hookwell?sslmode=verify-full"),
        List.of("", "postgresql://h.example/hookwell", "jdbc:postgresql://u:p@h.example/hookwell"));
    assertTaken(
        "MigrationDatabaseUrl",
        List.of("", "postgresql://u:p%40@h.example:26257/hookwell?sslmode=verify-full"),
        List.of("postgresql://h.example/hookwell", "jdbc:postgresql://u:p@h.example/hookwell"));
    assertTaken(
        "DomainName",
        List.of("", "hooks.example.com"),
        List.of("https://hooks.example.com", "Hooks.example.com", "hooks.example.com/", "hooks"));
    assertTaken(
        "CertificateArn",
        List.of("", "arn:aws:acm:eu-central-1:123456789012:certificate/0a-1b"),
        List.of("arn:aws:iam::123456789012:server-certificate/a", "0a-1b"));
    for (String version : List.of("OriginSecretVersion", "HookKeysVersion", "CreationKeyVersion")) {
      assertTaken(
          version,
          List.of("", "01234567-89ab-cdef-0123-456789abcdef"),
          List.of("AWSCURRENT", "a}}{{resolve:secretsmanager:other-secret}}", "a\nb"));
    }
    assertTaken(
        "BlockedHooks",
        List.of("", hook, hook + "," + hook),
        List.of("AQFs", hook + ",", hook + ", " + hook, hook + hook));
    assertTaken(
        "AllowedOrigins",
        List.of("", "https://app.example.com", "http://localhost:3000,chrome-extension://abc"),
        List.of(
            "*",
            "app.example.com",
            "https://app.example.com/",
            "https://app.example.com/path",
            "https://App.example.com",
            "https://a.example, https://b.example",
            "https://a.example,"));
    assertTaken(
        "HooksLimit", List.of("1", "1000000", "99999999"), List.of("", "0", "1e6", "100000000"));
    assertTaken(
        "StoredBytesLimit", List.of("1", "68719476736"), List.of("", "0", "64 GB", "-1", "6.8e10"));
    assertTaken("AlarmEmail", List.of("", "ops@example.com"), List.of("ops", "a b@example.com"));
  }

  private void assertTaken(String parameter, List<String> taken, List<String> refused) {
    String pattern = template.section("Parameters").path(parameter).path("AllowedPattern").asText();
    taken.forEach(value -> assertTrue(value.matches(pattern), parameter + " " + value));
    refused.forEach(value -> assertFalse(value.matches(pattern), parameter + " " + value));
  }

  @Test
  void noMappingHasTheNameOfAResource() {
    Set<String> both = names(template.section("Mappings"));
    both.retainAll(names(template.section("Resources")));
    assertEquals(Set.of(), both);
  }

  @Test
  void theOutputsAreWhatTheirNamesSay() {
    Map<String, String> outputs = new TreeMap<>();
    for (Map.Entry<String, JsonNode> output : template.section("Outputs").properties()) {
      Set<String> keys = names(output.getValue());
      keys.remove("Condition");
      assertEquals(Set.of("Description", "Value"), keys, output.getKey());
      outputs.put(output.getKey(), Template.text(output.getValue().path("Value")));
    }
    Map<String, String> expected = new TreeMap<>();
    expected.put("PageUrl", "If(HasDomain, https://${DomainName}/, ${Gateway.ApiEndpoint}/)");
    expected.put("ApiUrl", "If(HasDomain, https://${DomainName}/api, ${Gateway.ApiEndpoint}/api)");
    expected.put("DomainTarget", "Domain.RegionalDomainName");
    expected.put("QueueUrl", "CaptureQueue");
    expected.put("DeadLetterQueueUrl", "DeadLetterQueue");
    expected.put(
        "DashboardUrl",
        "https://${AWS::Region}.console.aws.amazon.com/cloudwatch/home?region=${AWS::Region}"
            + "#dashboards:name=${Dashboard}");
    expected.put(
        "RedriveCommand",
        "aws sqs start-message-move-task --region ${AWS::Region}"
            + " --source-arn ${DeadLetterQueue.Arn}");
    expected.put("BodyBucketName", "BodyBucket");
    expected.put("AlarmTopicArn", "AlarmTopic");
    expected.put(
        "MigrationDatabaseSecretName",
        "If(HasMigrationDatabaseUrl, MigrationDatabaseSecret, DatabaseSecret)");
    for (String secret :
        List.of("Database", "Origin", "HookKeys", "ReaderKeys", "SeedKey", "CreationKey")) {
      expected.put(secret + "SecretName", secret + "Secret");
    }
    assertEquals(expected, outputs);
  }

  /** A parameter that the file gave each time would undo changes made in between. */
  @Test
  void aDeploymentGoesBackWhenItFailsAndGivesNoParameterByItself() throws Exception {
    List<String> lines =
        Files.readAllLines(Path.of("..", "samconfig.toml")).stream()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .toList();
    assertEquals(
        List.of(
            "version = 0.1",
            "[default.global.parameters]",
            "stack_name = \"hookwell\"",
            "[default.validate.parameters]",
            "lint = true",
            "[default.deploy.parameters]",
            "resolve_s3 = true",
            "s3_prefix = \"hookwell\"",
            "capabilities = \"CAPABILITY_IAM\"",
            "confirm_changeset = true",
            "disable_rollback = false"),
        lines);
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

  private JsonNode batches(String choice) {
    return template.section("Mappings").path("BatchSizes").path(choice);
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

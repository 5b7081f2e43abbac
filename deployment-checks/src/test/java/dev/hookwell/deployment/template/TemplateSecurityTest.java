package dev.hookwell.deployment.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hookwell.capture.HookKeys;
import dev.hookwell.capture.ReaderKeys;
import dev.hookwell.capture.Shows;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code template.yaml}: the rights of each role, and the places of secrets. */
@ExtendWith(TemplateSource.class)
final class TemplateSecurityTest {
  private static final String FUNCTION = "AWS::Serverless::Function";
  private static final String SECRET = "AWS::SecretsManager::Secret";
  private static final Set<String> LIMITS =
      Set.of("CAPTURE_LIFETIME", "QUOTA_CAPTURES", "QUOTA_BYTES");
  private static final String LETTERS_AND_DIGITS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  private final Template template;

  TemplateSecurityTest(Template template) {
    this.template = template;
  }

  @Test
  @Shows("S33")
  void everyRoleMayDoWhatItsFunctionDoesAndNothingElse() {
    LeastPrivilege.check(template, FUNCTION, Map.of());
  }

  @Test
  @Shows("S34")
  void nobodyButTheGatewaysOwnRouteMayCallAFunction() {
    assertEquals(3, template.ofType("AWS::Lambda::Permission").size());
    Map<String, String> callers = new TreeMap<>();
    for (String permission : template.ofType("AWS::Lambda::Permission")) {
      JsonNode properties = template.properties(permission);
      assertEquals("apigateway.amazonaws.com", properties.path("Principal").asText());
      assertEquals("lambda:InvokeFunction", properties.path("Action").asText());
      callers.put(
          Template.text(properties.path("FunctionName")),
          Template.text(properties.path("SourceArn")));
    }
    String gateway =
        "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Gateway}";
    assertEquals(
        Map.of(
            "IngestFunction.Alias", gateway + "/*/*/h/*",
            "RespondFunction.Alias", gateway + "/*/*/s/*",
            "ApiFunction.Alias", gateway + "/*/$default"),
        callers);
    assertFalse(template.root().toString().contains("AWS::Lambda::Url"));
    assertFalse(template.root().toString().contains("FunctionUrlConfig"));
  }

  @Test
  @Shows("S32")
  void secretsOutliveTheStack() {
    assertEquals(9, template.ofType(SECRET).size());
    for (String secret : template.ofType(SECRET)) {
      // All but those of a first deployment that failed, whose keys nobody was given.
      assertEquals(
          "RetainExceptOnCreate",
          template.resource(secret).path("DeletionPolicy").asText(),
          secret);
      assertEquals(
          "Retain", template.resource(secret).path("UpdateReplacePolicy").asText(), secret);
    }
  }

  /** Encrypted, nobody else's, by TLS only; and it outlives the stack, as the rows do. */
  @Test
  void theBucketOfBodiesIsClosedAndOutlivesTheStack() {
    assertEquals(List.of("BodyBucket"), template.ofType("AWS::S3::Bucket"));
    JsonNode bucket = template.properties("BodyBucket");
    assertEquals(
        "RetainExceptOnCreate", template.resource("BodyBucket").path("DeletionPolicy").asText());
    assertEquals("Retain", template.resource("BodyBucket").path("UpdateReplacePolicy").asText());
    assertEquals(
        "AES256",
        bucket
            .at(
                "/BucketEncryption/ServerSideEncryptionConfiguration/0/ServerSideEncryptionByDefault/SSEAlgorithm")
            .asText());
    assertEquals(4, bucket.path("PublicAccessBlockConfiguration").size());
    bucket
        .path("PublicAccessBlockConfiguration")
        .forEach(closed -> assertTrue(closed.asBoolean(), bucket.toString()));
    assertEquals(
        "BucketOwnerEnforced", bucket.at("/OwnershipControls/Rules/0/ObjectOwnership").asText());
    assertFalse(
        bucket.has("BucketName"), "one that was retained would be in the way of a new stack");
    JsonNode policy = template.properties("BodyBucketPolicy");
    assertEquals("BodyBucket", Template.text(policy.path("Bucket")));
    JsonNode deny = policy.at("/PolicyDocument/Statement/0");
    assertEquals(
        List.of("BodyBucket.Arn", "${BodyBucket.Arn}/*"),
        Template.list(deny.path("Resource")).stream().map(Template::text).toList());
    assertEquals(1, policy.at("/PolicyDocument/Statement").size());
  }

  /** A change of any of these lines makes CloudFormation write a new value over the one in use. */
  @Test
  @Shows("S32")
  void howSecretsAreMadeNeverChanges() {
    Map<String, String> made = new TreeMap<>();
    for (String secret : template.ofType(SECRET)) {
      JsonNode properties = template.properties(secret);
      assertEquals(
          Set.of(),
          names(properties, Set.of("Description", "GenerateSecretString", "SecretString")),
          "a name or a key of its own would replace the secret");
      made.put(
          secret,
          properties.has("SecretString")
              ? Template.text(properties.path("SecretString"))
              : new TreeMap<>(
                      properties.path("GenerateSecretString").properties().stream()
                          .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)))
                  .toString());
    }
    String bare = "{ExcludePunctuation=true, IncludeSpace=false, PasswordLength=64}";
    String seed =
        "{ExcludePunctuation=true, GenerateStringKey=\"key\", IncludeSpace=false,"
            + " PasswordLength=64, SecretStringTemplate=\"{}\"}";
    assertEquals(
        Map.of(
            "HookKeySeed",
            seed,
            "HookKeysSecret",
            "1:{{resolve:secretsmanager:${HookKeySeed}:SecretString:key}}",
            "ReaderKeySeed",
            seed,
            "ReaderKeysSecret",
            "1:{{resolve:secretsmanager:${ReaderKeySeed}:SecretString:key}}",
            "SeedKeySecret",
            bare,
            "OriginSecret",
            bare,
            "CreationKeySecret",
            bare,
            "DatabaseSecret",
            "DatabaseUrl",
            "MigrationDatabaseSecret",
            "MigrationDatabaseUrl"),
        made);
  }

  @Test
  void whatSecretsManagerGeneratesMakesARingThatTheCodeReads() {
    assertARing("HookKeySeed", "HookKeysSecret");
    assertARing("ReaderKeySeed", "ReaderKeysSecret");
  }

  private void assertARing(String seed, String ring) {
    JsonNode generator = template.properties(seed).path("GenerateSecretString");
    int length = generator.path("PasswordLength").asInt();
    assertEquals(0, length % 4, "of another length not every text is canonical base64url");
    Random random = new Random(20261124);
    for (int i = 0; i < 1000; i++) {
      String generated =
          random
              .ints(length, 0, LETTERS_AND_DIGITS.length())
              .mapToObj(n -> LETTERS_AND_DIGITS.substring(n, n + 1))
              .collect(Collectors.joining());
      String text =
          Template.text(template.properties(ring).path("SecretString"))
              .replaceFirst("\\{\\{resolve:.*}}", generated);

      assertEquals(Set.of(1), HookKeys.parse(text).ids());
      assertTrue(ReaderKeys.parse(text).covers(Set.of(1)));
      byte[] key = Base64.getUrlDecoder().decode(generated);
      assertTrue(key.length >= 32, "a key of " + key.length + " bytes");
      assertEquals(generated, Base64.getUrlEncoder().encodeToString(key));
    }
  }

  @Test
  @Shows("S13")
  void everyFunctionIsToldWhatItReadsAndNoMore() {
    Map<String, Set<String>> told = new TreeMap<>();
    for (String function : template.ofType(FUNCTION)) {
      told.put(function, new TreeSet<>(template.environment(function).keySet()));
    }
    assertEquals(
        Map.of(
            "IngestFunction",
                Set.of(
                    "QUEUE_URL",
                    "HOOK_KEYS",
                    "ORIGIN_SECRETS",
                    "BLOCKED_HOOKS",
                    "HANDSHAKES",
                    "LOG_ONE_IN",
                    "LARGE_BODIES",
                    "BODY_BUCKET"),
            "RespondFunction",
                Set.of(
                    "QUEUE_URL",
                    "HOOK_KEYS",
                    "ORIGIN_SECRETS",
                    "BLOCKED_HOOKS",
                    "HANDSHAKES",
                    "LOG_ONE_IN",
                    "DATABASE_SECRET",
                    "RESPONSE_SCRIPTS",
                    "LONGEST_DELAY",
                    "LARGE_BODIES",
                    "BODY_BUCKET"),
            "PersistFunction", and(LIMITS, "DATABASE_SECRET"),
            "RetentionFunction",
                and(LIMITS, "DATABASE_SECRET", "HOOKS_LIMIT", "STORED_BYTES_LIMIT", "BODY_BUCKET"),
            "MigrationFunction", Set.of("DATABASE_SECRET"),
            "ApiFunction",
                and(
                    LIMITS,
                    "HOOK_KEYS",
                    "ORIGIN_SECRETS",
                    "READER_KEYS_SECRET",
                    "SEED_KEY_SECRET",
                    "DATABASE_SECRET",
                    "PUBLIC_BASE_URL",
                    "HOOK_CREATION",
                    "HOOK_CREATION_KEY",
                    "ALLOWED_ORIGINS",
                    "HOOK_LIFETIME",
                    "HOOK_MAX_LIFETIME",
                    "LONGEST_WAIT",
                    "HOOKS_LIMIT",
                    "STORED_BYTES_LIMIT",
                    "RESPONSE_SCRIPTS",
                    "LONGEST_DELAY",
                    "SEARCH",
                    "BODY_BUCKET")),
        told);
  }

  /** A queue for another, a secret for another, would lose captures or show them. */
  @Test
  void everyVariableHoldsWhatItsNameSays() {
    Map<String, Set<String>> values = new TreeMap<>();
    for (String function : template.ofType(FUNCTION)) {
      template
          .environment(function)
          .forEach((name, value) -> {
            if (!value.toString().contains("{{resolve:")) {
              values
                  .computeIfAbsent(name, variable -> new TreeSet<>())
                  .add(function.replace("Function", " ") + Template.text(value));
            }
          });
    }
    String migration =
        "Migration If(HasMigrationDatabaseUrl, MigrationDatabaseSecret, DatabaseSecret)";
    Map<String, Set<String>> expected = new TreeMap<>();
    expected.put("QUEUE_URL", Set.of("Ingest CaptureQueue", "Respond CaptureQueue"));
    expected.put("BLOCKED_HOOKS", Set.of("Ingest BlockedHooks", "Respond BlockedHooks"));
    expected.put("READER_KEYS_SECRET", Set.of("Api ReaderKeysSecret"));
    expected.put("SEED_KEY_SECRET", Set.of("Api SeedKeySecret"));
    expected.put(
        "DATABASE_SECRET",
        Set.of(
            "Api DatabaseSecret",
            "Respond DatabaseSecret",
            "Persist DatabaseSecret",
            "Retention DatabaseSecret",
            migration));
    expected.put("SEARCH", Set.of("Api " + setting("Capture", "Search")));
    expected.put("RESPONSE_SCRIPTS", Set.of("Api ResponseScripts", "Respond ResponseScripts"));
    expected.put(
        "LONGEST_DELAY",
        Set.of(
            "Api " + setting("Response", "LongestDelay"),
            "Respond " + setting("Response", "LongestDelay")));
    expected.put("PUBLIC_BASE_URL", Set.of("Api If(HasDomain, https://${DomainName}, )"));
    expected.put("HOOK_CREATION", Set.of("Api HookCreation"));
    expected.put("ALLOWED_ORIGINS", Set.of("Api AllowedOrigins"));
    expected.put("HANDSHAKES", Set.of("Ingest Handshakes", "Respond Handshakes"));
    expected.put(
        "LOG_ONE_IN",
        Set.of("Ingest " + setting("Logs", "OneIn"), "Respond " + setting("Logs", "OneIn")));
    expected.put("LARGE_BODIES", Set.of("Ingest LargeBodies", "Respond LargeBodies"));
    expected.put(
        "BODY_BUCKET",
        Set.of(
            "Ingest BodyBucket", "Respond BodyBucket", "Api BodyBucket", "Retention BodyBucket"));
    expected.put("HOOKS_LIMIT", Set.of("Api HooksLimit", "Retention HooksLimit"));
    expected.put(
        "STORED_BYTES_LIMIT", Set.of("Api StoredBytesLimit", "Retention StoredBytesLimit"));
    expected.put("LONGEST_WAIT", Set.of("Api If(HasApiReservedConcurrency, PT20S, PT5S)"));
    expected.put("HOOK_LIFETIME", Set.of("Api " + setting("Hook", "Lifetime")));
    expected.put("HOOK_MAX_LIFETIME", Set.of("Api " + setting("Hook", "MaxLifetime")));
    Map.of(
            "CAPTURE_LIFETIME",
            "Lifetime",
            "QUOTA_CAPTURES",
            "QuotaCaptures",
            "QUOTA_BYTES",
            "QuotaBytes")
        .forEach((name, key) ->
            expected.put(
                name,
                Set.of(
                    "Api " + setting("Capture", key),
                    "Persist " + setting("Capture", key),
                    "Retention " + setting("Capture", key))));
    assertEquals(expected, values);
  }

  private static String setting(String group, String key) {
    return "{\"Fn::FindInMap\":[\"Settings\",\"" + group + "\",\"" + key + "\"]}";
  }

  /** Its role's policy is for a function alone, and its log has the name that the guide gives. */
  @Test
  void everyRoleIsTakenByItsServiceAndEveryLogHasItsName() {
    for (String role : template.ofType("AWS::IAM::Role")) {
      JsonNode trust = template.properties(role).path("AssumeRolePolicyDocument");
      assertEquals(1, trust.path("Statement").size(), role);
      JsonNode statement = trust.path("Statement").path(0);
      boolean schedules = role.equals("ScheduleRole");
      assertEquals(
          schedules ? "scheduler.amazonaws.com" : "lambda.amazonaws.com",
          statement.path("Principal").path("Service").asText(),
          role);
      assertEquals(schedules, statement.has("Condition"), "no other account's schedule");
    }
    Map<String, String> names = new TreeMap<>();
    for (String group : template.ofType("AWS::Logs::LogGroup")) {
      names.put(group, Template.text(template.properties(group).path("LogGroupName")));
    }
    Map<String, String> expected = new TreeMap<>();
    for (String name : List.of("Ingest", "Respond", "Persist", "Migration", "Retention", "Api")) {
      expected.put(name + "Logs", "/aws/lambda/${AWS::StackName}-" + name.toLowerCase(Locale.ROOT));
      assertEquals(
          name + "Logs",
          Template.text(
              template.properties(name + "Function").path("LoggingConfig").path("LogGroup")));
    }
    // API Gateway writes to this prefix without a policy of the log's own.
    expected.put("GatewayLogs", "/aws/vendedlogs/${AWS::StackName}-gateway");
    assertEquals(expected, names);
  }

  /**
   * Anybody who may see a function's configuration sees these secrets: none of them reads a
   * capture.
   */
  @Test
  @Shows("S32")
  void onlyThreeSecretsAreInAnEnvironmentAndNoneReadsCaptures() {
    Set<String> resolved = new TreeSet<>();
    for (String function : template.ofType(FUNCTION)) {
      template
          .environment(function)
          .forEach((name, value) -> {
            if (value.toString().contains("{{resolve:")) {
              resolved.add(name);
            }
            assertFalse(value.toString().contains("${ReaderKey"), name);
            assertFalse(value.toString().contains("DatabaseUrl\"}"), name);
          });
    }
    assertEquals(Set.of("HOOK_KEYS", "ORIGIN_SECRETS", "HOOK_CREATION_KEY"), resolved);
  }

  @Test
  @Shows("S38")
  void rotatedSecretsReachTheEnvironmentByTheirVersion() {
    assertRotatedByVersion("IngestFunction");
    assertRotatedByVersion("RespondFunction");
    assertRotatedByVersion("ApiFunction");
    assertEquals(
        "If(CreationNeedsKey, If(HasCreationKeyVersion,"
            + " {{resolve:secretsmanager:${CreationKeySecret}:SecretString:::${CreationKeyVersion}}},"
            + " {{resolve:secretsmanager:${CreationKeySecret}:SecretString}}), )",
        Template.text(template.variable("ApiFunction", "HOOK_CREATION_KEY")));
  }

  private void assertRotatedByVersion(String function) {
    assertEquals(
        "If(HasHookKeysVersion,"
            + " {{resolve:secretsmanager:${HookKeysSecret}:SecretString:::${HookKeysVersion}}},"
            + " {{resolve:secretsmanager:${HookKeysSecret}:SecretString}})",
        Template.text(template.variable(function, "HOOK_KEYS")));
    assertEquals(
        "If(HasOriginSecret,"
            + " {{resolve:secretsmanager:${OriginSecret}:SecretString:::${OriginSecretVersion}}},"
            + " )",
        Template.text(template.variable(function, "ORIGIN_SECRETS")));
  }

  @Test
  @Shows("S32")
  void theDatabasesUrlsAreHiddenAndGoNowhereButIntoTheirSecrets() {
    for (String parameter : List.of("DatabaseUrl", "MigrationDatabaseUrl")) {
      assertTrue(
          template.section("Parameters").path(parameter).path("NoEcho").asBoolean(), parameter);
      String everything =
          template.section("Resources").toString() + template.section("Outputs").toString();
      assertEquals(
          1,
          Pattern.compile("\\{\"Ref\":\"" + parameter + "\"}")
              .matcher(everything)
              .results()
              .count(),
          parameter);
      assertFalse(everything.contains("${" + parameter + "}"), parameter);
    }
    assertFalse(
        template.section("Outputs").toString().contains("{{resolve:"), "an output shows a secret");
  }

  @Test
  @Shows("S12")
  void bothQueuesAreEncryptedAndSpeakTlsOnly() {
    for (String queue : List.of("CaptureQueue", "DeadLetterQueue")) {
      assertTrue(template.properties(queue).path("SqsManagedSseEnabled").asBoolean(), queue);
      JsonNode policy = template.properties(queue + "Policy");
      assertEquals(queue, Template.text(policy.path("Queues").path(0)));
      assertEquals(1, policy.path("PolicyDocument").path("Statement").size());
      JsonNode statement = policy.path("PolicyDocument").path("Statement").path(0);
      assertEquals("Deny", statement.path("Effect").asText());
      assertEquals("*", statement.path("Principal").asText());
      assertEquals("sqs:*", statement.path("Action").asText());
      assertEquals(queue + ".Arn", Template.text(statement.path("Resource")));
      assertEquals(1, policy.path("Queues").size());
      assertEquals(
          "{\"Bool\":{\"aws:SecureTransport\":\"false\"}}", statement.path("Condition").toString());
    }
    assertEquals(2, template.ofType("AWS::SQS::Queue").size());
  }

  @Test
  @Shows("S23")
  void withADomainOfItsOwnTheGatewaysOtherDoorIsShut() {
    assertEquals(
        "If(HasDomain, true, false)",
        Template.text(template.properties("Gateway").path("DisableExecuteApiEndpoint")));
    assertEquals("HasDomain", template.resource("Domain").path("Condition").asText());
    assertEquals("HasDomain", template.resource("DomainMapping").path("Condition").asText());
    JsonNode configurations = template.properties("Domain").path("DomainNameConfigurations");
    assertEquals(1, configurations.size());
    assertEquals("TLS_1_2", configurations.path(0).path("SecurityPolicy").asText());
    assertEquals(
        "{\"Fn::Not\":[{\"Fn::Equals\":[{\"Ref\":\"DomainName\"},\"\"]}]}",
        template.section("Conditions").path("HasDomain").toString());
  }

  @Test
  @Shows({"S06", "S29"})
  void theAccessLogHoldsNothingOfTheSenders() throws Exception {
    String format =
        template.properties("GatewayStage").path("AccessLogSettings").path("Format").asText();
    Set<String> variables =
        Pattern.compile("\\$context\\.[A-Za-z.]+")
            .matcher(format)
            .results()
            .map(match -> match.group().substring("$context.".length()))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(
        Set.of(
            "requestId",
            "requestTimeEpoch",
            "routeKey",
            "status",
            "responseLength",
            "responseLatency",
            "integrationLatency",
            "integrationStatus"),
        variables);
    JsonNode line = new ObjectMapper().readTree(format.replaceAll("\\$context\\.[A-Za-z.]+", "x"));
    assertEquals(variables.size(), line.size(), "one value a variable, and nothing else");
  }

  @Test
  @Shows("S31")
  void everyLogHasAnEndAndEveryFunctionALogOfItsOwn() {
    Set<String> groups = new TreeSet<>(template.ofType("AWS::Logs::LogGroup"));
    for (String group : groups) {
      int days = template.value(template.properties(group).path("RetentionInDays")).asInt();
      // As long as a dead letter can be put back; no longer than somebody's data may lie around.
      assertTrue(Set.of(14, 30, 60, 90).contains(days), group + " keeps " + days);
    }
    for (String function : template.ofType(FUNCTION)) {
      JsonNode logging = template.properties(function).path("LoggingConfig");
      assertEquals("JSON", logging.path("LogFormat").asText(), function);
      assertTrue(groups.remove(Template.text(logging.path("LogGroup"))), function);
    }
    assertEquals(Set.of("GatewayLogs"), groups);
    assertFalse(template.root().toString().contains("Tracing"), "a trace may hold captured data");
  }

  private static Set<String> and(Set<String> some, String... more) {
    Set<String> all = new TreeSet<>(some);
    all.addAll(List.of(more));
    return all;
  }

  private static Set<String> names(JsonNode object, Set<String> except) {
    Set<String> names = new TreeSet<>();
    object.fieldNames().forEachRemaining(names::add);
    names.removeAll(except);
    return names;
  }
}

package dev.hookwell.deployment.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The rights of each role, action by action and resource by resource. Nothing else, and no role
 * more.
 */
final class LeastPrivilege {
  private static final String GET = "secretsmanager:GetSecretValue on ";
  private static final String MIGRATION_SECRET =
      "If(HasMigrationDatabaseUrl, MigrationDatabaseSecret, DatabaseSecret)";

  private static final String OBJECTS = " on ${BodyBucket.Arn}/*";

  private static final Map<String, Set<String>> ALLOWED =
      Map.of(
          "RespondRole",
              with(
                  "RespondLogs",
                  "sqs:SendMessage on CaptureQueue.Arn",
                  "s3:PutObject" + OBJECTS,
                  GET + "DatabaseSecret"),
          "IngestRole",
              with("IngestLogs", "sqs:SendMessage on CaptureQueue.Arn", "s3:PutObject" + OBJECTS),
          "PersistRole",
              with(
                  "PersistLogs",
                  "sqs:ReceiveMessage on CaptureQueue.Arn",
                  "sqs:DeleteMessage on CaptureQueue.Arn",
                  "sqs:GetQueueAttributes on CaptureQueue.Arn",
                  GET + "DatabaseSecret"),
          "ApiRole",
              with(
                  "ApiLogs",
                  "s3:GetObject" + OBJECTS,
                  "s3:ListBucket on BodyBucket.Arn",
                  GET + "DatabaseSecret",
                  GET + "ReaderKeysSecret",
                  GET + "SeedKeySecret"),
          "MigrationRole", with("MigrationLogs", GET + MIGRATION_SECRET),
          "RetentionRole",
              with("RetentionLogs", "s3:DeleteObject" + OBJECTS, GET + "DatabaseSecret"),
          "ScheduleRole", Set.of("lambda:InvokeFunction on RetentionFunction.Arn"));

  private static final Map<String, String> ROLES =
      Map.of(
          "IngestFunction", "IngestRole.Arn",
          "RespondFunction", "RespondRole.Arn",
          "PersistFunction", "PersistRole.Arn",
          "ApiFunction", "ApiRole.Arn",
          "MigrationFunction", "MigrationRole.Arn",
          "RetentionFunction", "RetentionRole.Arn");

  private LeastPrivilege() {}

  private static Set<String> with(String logs, String... more) {
    Set<String> all = new TreeSet<>(List.of(more));
    all.add("logs:CreateLogStream on " + logs + ".Arn");
    all.add("logs:PutLogEvents on " + logs + ".Arn");
    return Set.copyOf(all);
  }

  /**
   * Checks roles and functions of a template, before or after SAM's transform.
   *
   * @param managed roles that SAM adds, with the one managed policy of each
   */
  static void check(Template template, String functionType, Map<String, String> managed) {
    Map<String, Set<String>> allowed = new TreeMap<>();
    for (String role : template.ofType("AWS::IAM::Role")) {
      JsonNode properties = template.properties(role);
      String policy = managed.get(role);
      if (policy == null) {
        assertTrue(properties.path("ManagedPolicyArns").isMissingNode(), role);
        allowed.put(role, statements(properties));
      } else {
        assertTrue(properties.path("ManagedPolicyArns").toString().contains(policy), role);
        assertEquals(1, properties.path("ManagedPolicyArns").size(), role);
        assertTrue(properties.path("Policies").isMissingNode(), role);
      }
    }
    assertEquals(new TreeMap<>(ALLOWED), allowed);
    assertEquals(List.of(), template.ofType("AWS::IAM::Policy"));
    assertEquals(List.of(), template.ofType("AWS::IAM::ManagedPolicy"));

    Map<String, String> roles = new TreeMap<>();
    for (String function : template.ofType(functionType)) {
      roles.put(function, Template.text(template.properties(function).path("Role")));
      assertTrue(template.properties(function).path("Policies").isMissingNode(), function);
    }
    assertEquals(new TreeMap<>(ROLES), roles);
  }

  private static Set<String> statements(JsonNode role) {
    Set<String> all = new TreeSet<>();
    for (JsonNode policy : role.path("Policies")) {
      for (JsonNode statement : policy.path("PolicyDocument").path("Statement")) {
        assertEquals("Allow", statement.path("Effect").asText());
        for (JsonNode action : Template.list(statement.path("Action"))) {
          for (JsonNode resource : Template.list(statement.path("Resource"))) {
            all.add(action.asText() + " on " + Template.text(resource));
          }
        }
        assertTrue(statement.path("NotAction").isMissingNode());
        assertTrue(statement.path("NotResource").isMissingNode());
      }
    }
    return all;
  }
}

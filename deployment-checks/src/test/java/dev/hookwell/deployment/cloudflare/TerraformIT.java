package dev.hookwell.deployment.cloudflare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hookwell.local.Client;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code cloudflare/} in the hands of Terraform, without a network and without Cloudflare's
 * provider: each resource is made one of Terraform's own that holds the values that the provider
 * would get. So variables are checked and expressions computed by Terraform itself. Skipped where
 * it is missing.
 */
final class TerraformIT {
  private static final String HOOKS =
      "(starts_with(http.request.uri.path, \"/h/\") or starts_with(http.request.uri.path,"
          + " \"/s/\"))";

  private static final String ID = "AQFs5odoAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  private static final Map<String, String> REQUIRED =
      Map.of(
          "zone_id", "0123456789abcdef0123456789abcdef",
          "domain_name", "hooks.example.com",
          "origin_secret", "s".repeat(64));

  @TempDir Path folder;

  private record Run(int status, String output) {}

  @BeforeAll
  static void findTerraform() {
    boolean there = false;
    for (String path : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      there |= Files.isExecutable(Path.of(path, "terraform"));
    }
    if (!there) {
      System.out.println("Hookwell: TerraformIT was SKIPPED; there is no terraform on the PATH");
    }
    assumeTrue(there, "terraform is on the PATH");
  }

  @Test
  void theFilesAreFormatted() throws Exception {
    Run run =
        run(CloudflareTest.FOLDER, List.of("fmt", "-check", "-diff", "-recursive", "-no-color"));

    assertEquals(0, run.status(), run.output());
  }

  @Test
  void withoutSettingsItIsWhatTheFreePlanTakes() throws Exception {
    JsonNode made = plan(REQUIRED);

    assertNoFaults(made);
    assertEquals(7, made.size(), made::toString);
    JsonNode limit = made.path("cloudflare_ruleset.rate_limit").at("/rules/0");
    // The Free plan knows the path only.
    assertEquals(
        "(" + HOOKS + " or starts_with(http.request.uri.path, \"/api/\"))",
        limit.path("expression").asText());
    assertEquals(10, limit.at("/ratelimit/period").asInt());
    assertEquals(10, limit.at("/ratelimit/mitigation_timeout").asInt());
    JsonNode blocked = made.path("cloudflare_ruleset.firewall").at("/rules/0");
    assertEquals("false", blocked.path("enabled").toString());
    assertEquals(
        "low",
        made.path("cloudflare_ruleset.ddos")
            .at("/rules/0/action_parameters/overrides/sensitivity_level")
            .asText());
    for (String name : List.of("origin", "cache", "settings", "firewall")) {
      for (JsonNode rule : made.path("cloudflare_ruleset." + name).path("rules")) {
        String expression = rule.path("expression").asText();
        assertTrue(expression.startsWith("http.host eq \"hooks.example.com\""), expression);
      }
    }
  }

  @Test
  void everySettingGetsWhereItBelongs() throws Exception {
    Map<String, String> settings = new TreeMap<>(REQUIRED);
    settings.put("domain_target", "d-abc.execute-api.eu-central-1.amazonaws.com");
    settings.put(
        "certificate_validation", "{\"_a.hooks.example.com.\"=\"_b.acm-validations.aws.\"}");
    settings.put("paid_plan", "true");
    settings.put("rate_limit_period", "60");
    settings.put("rate_limit_block", "600");
    settings.put("rate_limit_requests", "77");
    settings.put("blocked_hooks", "[\"" + ID + "\"]");
    settings.put("skip_managed_rules", "false");
    settings.put("disable_bot_fight_mode", "false");
    settings.put("lower_ddos_sensitivity", "false");

    JsonNode made = plan(settings);

    assertNoFaults(made);
    JsonNode limit = made.path("cloudflare_ruleset.rate_limit").at("/rules/0");
    assertTrue(
        limit.path("expression").asText().startsWith("http.host eq \"hooks.example.com\" and ("));
    assertEquals(60, limit.at("/ratelimit/period").asInt());
    assertEquals(600, limit.at("/ratelimit/mitigation_timeout").asInt());
    assertEquals(77, limit.at("/ratelimit/requests_per_period").asInt());
    JsonNode firewall = made.path("cloudflare_ruleset.firewall").path("rules");
    assertEquals("true", firewall.at("/0/enabled").toString());
    assertEquals(
        "http.host eq \"hooks.example.com\" and "
            + HOOKS
            + " and substring(http.request.uri.path, 3, 47) in {\""
            + ID
            + "\"}",
        firewall.at("/0/expression").asText());
    assertEquals("false", firewall.at("/1/enabled").toString());
    assertEquals(
        "d-abc.execute-api.eu-central-1.amazonaws.com",
        made.path("cloudflare_dns_record.site").path("content").asText());
    JsonNode certificate = made.path("cloudflare_dns_record.certificate");
    assertEquals("_a.hooks.example.com", certificate.path("name").asText());
    assertEquals("_b.acm-validations.aws", certificate.path("content").asText());
    assertTrue(!made.has("cloudflare_bot_management.zone"));
    assertTrue(!made.has("cloudflare_ruleset.ddos"));
  }

  @Test
  void asManyBlockedHooksAsAreTakenFitOneExpression() throws Exception {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      ids.add("\"%s%02d\"".formatted(ID.substring(2), i));
    }
    Map<String, String> settings = new TreeMap<>(REQUIRED);
    settings.put("blocked_hooks", ids.toString());
    String expression =
        plan(settings).path("cloudflare_ruleset.firewall").at("/rules/0/expression").asText();
    assertTrue(expression.length() <= 4096, () -> "it has " + expression.length());

    ids.add("\"%s99\"".formatted(ID.substring(2)));
    settings.put("blocked_hooks", ids.toString());
    assertRefused(settings, "At most 40 hooks");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "zone_id | example.com | 32 hexadecimal digits",
        "domain_name | Hooks.example.com | small letters",
        "domain_name | a\" or true or \"b.com | small letters",
        "domain_target | example.com | DomainTarget",
        "certificate_validation | {\"www\"=\"_b\"} | underscore",
        "origin_secret | new-one,old-one | one secret",
        "origin_secret | sssssssssssssssssssssssssssssss | 32 to 128",
        "rate_limit_requests | 0 | whole number",
        "rate_limit_period | 60 | Free plan",
        "rate_limit_period | 11 | 10, 60",
        "rate_limit_block | 60 | Free plan",
        "rate_limit_block | 11 | 10, 30",
        "blocked_hooks | [\"short\"] | 44 letters"
      })
  void aWrongSettingIsRefusedAndSaid(String name, String value, String why) throws Exception {
    Map<String, String> settings = new TreeMap<>(REQUIRED);
    settings.put(name, value);

    assertRefused(settings, why);
  }

  private void assertRefused(Map<String, String> settings, String why) throws Exception {
    Run run = planned(settings);
    assertNotEquals(0, run.status());
    assertTrue(run.output().replaceAll("[\\s│]+", " ").contains(why), run.output());
  }

  private static void assertNoFaults(JsonNode made) {
    CloudflareSchema schema = CloudflareSchema.read();
    made.properties()
        .forEach(resource -> {
          String name = resource.getKey();
          String type = name.substring(0, name.indexOf('.'));
          assertEquals(List.of(), schema.faults(type, resource.getValue()), name);
        });
  }

  /** The values that the provider would get, by the resource's name. */
  private JsonNode plan(Map<String, String> settings) throws Exception {
    Run planned = planned(settings);
    assertEquals(0, planned.status(), planned.output());
    Run shown = run(folder, List.of("show", "-json", "plan"));
    assertEquals(0, shown.status(), shown.output());
    ObjectNode made = JsonNodeFactory.instance.objectNode();
    Client.json(shown.output())
        .at("/planned_values/root_module/resources")
        .forEach(resource ->
            made.set(
                resource.path("name").asText().replace("__", "."), resource.at("/values/input")));
    return made;
  }

  private Run planned(Map<String, String> settings) throws Exception {
    Files.writeString(folder.resolve("main.tf"), withoutProvider());
    for (String file : List.of("variables.tf", "outputs.tf")) {
      Files.writeString(
          folder.resolve(file), Files.readString(CloudflareTest.FOLDER.resolve(file)));
    }
    Run init = run(folder, List.of("init", "-backend=false", "-input=false", "-no-color"));
    assertEquals(0, init.status(), init.output());
    List<String> plan =
        new ArrayList<>(List.of("plan", "-input=false", "-no-color", "-out=plan", "-lock=false"));
    settings.forEach((name, value) -> plan.add("-var=" + name + "=" + value));
    return run(folder, plan);
  }

  /** The formatter puts the ends of a block at the beginning of a line, and nothing else. */
  private static String withoutProvider() throws IOException {
    StringBuilder text = new StringBuilder();
    StringBuilder input = new StringBuilder();
    boolean leftOut = false;
    boolean resource = false;
    for (String line : Files.readAllLines(CloudflareTest.FOLDER.resolve("main.tf"))) {
      if (line.matches("(terraform|provider) .*")) {
        leftOut = !line.endsWith("}");
      } else if (leftOut) {
        leftOut = !line.equals("}");
      } else if (line.startsWith("resource ")) {
        resource = true;
        text.append(
            line.replaceFirst(
                "resource \"(\\w+)\" \"(\\w+)\"", "resource \"terraform_data\" \"$1__$2\""));
        text.append('\n');
      } else if (resource && line.equals("}")) {
        resource = false;
        text.append("  input = {\n").append(input).append("  }\n}\n");
        input.setLength(0);
      } else if (resource && !line.matches("  (count|for_each) .*")) {
        input.append(line).append('\n');
      } else {
        text.append(line).append('\n');
      }
    }
    return text.toString();
  }

  private Run run(Path where, List<String> arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("terraform"));
    command.addAll(arguments);
    File output = folder.resolve("output.txt").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(where.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output);
    builder
        .environment()
        .putAll(
            Map.of(
                "CHECKPOINT_DISABLE", "1",
                "TF_CLI_CONFIG_FILE", "/dev/null",
                "TF_DATA_DIR", folder.resolve("terraform").toString()));
    Process process = builder.start();
    try {
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), "terraform takes too long");
      return new Run(process.exitValue(), Files.readString(output.toPath()));
    } finally {
      process.destroyForcibly();
    }
  }
}

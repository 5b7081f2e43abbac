package dev.hookwell.deployment.cloudflare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hookwell.capture.OriginSecrets;
import dev.hookwell.capture.Shows;
import dev.hookwell.deployment.template.Template;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code cloudflare/}, read as it is written. {@link TerraformIT} has Terraform itself read it. */
public final class CloudflareTest {
  public static final Path FOLDER = Path.of("..", "cloudflare");

  private final List<Hcl.Block> main = Hcl.read(FOLDER.resolve("main.tf"));
  private final List<Hcl.Block> variables = Hcl.read(FOLDER.resolve("variables.tf"));
  private final List<Hcl.Block> outputs = Hcl.read(FOLDER.resolve("outputs.tf"));
  private final CloudflareSchema schema = CloudflareSchema.read();

  @Test
  void theProviderKnowsEveryAttribute() {
    List<Hcl.Block> resources = ofType(main, "resource");

    assertEquals(9, resources.size());
    for (Hcl.Block resource : resources) {
      JsonNode attributes = resource.attributes().deepCopy().without(List.of("count", "for_each"));
      assertEquals(List.of(), schema.faults(resource.labels().get(0), attributes));
      assertEquals(List.of(), resource.blocks(), "version 5 has no blocks");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "requests_per_period, requests_per_periods, ratelimit.requests_per_periods is unknown",
    "operation  = \"set\", value = \"set\", headers.operation is missing",
    "cache = false, cache = \"no\", cache is to be bool",
    "mode = \"respect_origin\", mode = 1, mode is to be string",
    "bic            =, bics           =, bics is unknown",
    "phases = [\"http_request_firewall_managed\"], phases = \"x\", phases is to be list of string"
  })
  void aSmallMistakeIsFound(String right, String wrong, String fault) throws Exception {
    String text = Files.readString(FOLDER.resolve("main.tf"));
    String changed = text.replaceAll(Pattern.quote(right).replace(" ", "\\E +\\Q"), wrong);
    assertFalse(text.equals(changed), right);

    List<String> faults =
        ofType(Hcl.read(changed), "resource").stream()
            .flatMap(r -> schema.faults(r.labels().get(0), r.attributes()).stream())
            .toList();

    assertTrue(faults.stream().anyMatch(found -> found.contains(fault)), faults::toString);
  }

  /** One entry point a phase and zone: a second one would take the first one's rules away. */
  @Test
  void everyPhaseHasOneSetOfRulesAndEveryRuleANameOfItsOwn() {
    List<JsonNode> sets = resources("cloudflare_ruleset");

    assertEquals(
        Set.of(
            "http_ratelimit",
            "http_request_late_transform",
            "http_request_cache_settings",
            "http_config_settings",
            "http_request_firewall_custom",
            "ddos_l7"),
        sets.stream().map(set -> set.path("phase").asText()).collect(Collectors.toSet()));
    assertEquals(6, sets.size());
    List<String> names =
        sets.stream()
            .flatMap(CloudflareTest::rules)
            .map(rule -> rule.path("ref").asText())
            .toList();
    assertEquals(names.size(), Set.copyOf(names).size(), names.toString());
  }

  @Test
  @Shows("S26")
  void theFreePlansOneRateLimitCountsByAddressAndDataCentre() {
    JsonNode rule = onlyRule("http_ratelimit");

    assertEquals("[\"cf.colo.id\",\"ip.src\"]", rule.at("/ratelimit/characteristics").toString());
    assertEquals("block", rule.path("action").asText());
    assertEquals(10, defaultOf("rate_limit_period").asInt());
    assertEquals(10, defaultOf("rate_limit_block").asInt());
    assertFalse(defaultOf("paid_plan").asBoolean(true));
  }

  /** Three bursts of 1,000, 2,000 and 3,000 requests, from one address, within one period. */
  @Test
  @Shows("S26")
  void theRateLimitLetsALoadTestThrough() {
    assertTrue(defaultOf("rate_limit_requests").asInt() >= 1000 + 2000 + 3000);
  }

  @Test
  void theHeadersThatIngestBelievesAreAlwaysSet() {
    JsonNode headers = onlyRule("http_request_late_transform").at("/action_parameters/headers");

    assertEquals(Set.of(OriginSecrets.SECRET_HEADER, OriginSecrets.RAW_PATH_HEADER), keys(headers));
    headers.forEach(header -> assertEquals("set", header.path("operation").asText()));
    assertEquals(
        "raw.http.request.uri.path",
        headers.path(OriginSecrets.RAW_PATH_HEADER).path("expression").asText());
    assertEquals(
        "var.origin_secret", headers.path(OriginSecrets.SECRET_HEADER).path("value").asText());
    assertEquals("true", variable("origin_secret").attributes().path("sensitive").asText());
  }

  @Test
  @Shows("S27")
  void hooksAndApiAreNeverCachedAndAssetsAreAsLongAsTheySay() {
    List<JsonNode> rules = rulesOf("http_request_cache_settings");

    assertEquals(2, rules.size());
    assertTrue(rules.get(0).path("expression").asText().endsWith("${local.counted}"));
    assertEquals("{\"cache\":false}", rules.get(0).path("action_parameters").toString());
    assertTrue(rules.get(1).path("expression").asText().endsWith("${local.assets}"));
    assertTrue(rules.get(1).at("/action_parameters/cache").asBoolean());
    assertEquals("respect_origin", rules.get(1).at("/action_parameters/edge_ttl/mode").asText());
    Hcl.Block locals = ofType(main, "locals").getFirst();
    assertEquals("(${local.hooks} or ${local.api})", locals.attributes().path("counted").asText());
  }

  @Test
  @Shows("S27")
  void theCertificateIsCheckedAndNoSenderHasToBeABrowser() {
    List<JsonNode> rules = rulesOf("http_config_settings");

    assertEquals("strict", rules.get(0).at("/action_parameters/ssl").asText());
    assertFalse(rules.get(1).at("/action_parameters/bic").asBoolean(true));
    JsonNode bots = resources("cloudflare_bot_management").getFirst();
    assertFalse(bots.path("fight_mode").asBoolean(true));
    assertTrue(defaultOf("disable_bot_fight_mode").asBoolean());
  }

  /** The API adds it to a rule that skips, and refuses it in one that blocks. */
  @Test
  void theRuleThatSkipsLogsAndNoOtherDoes() {
    for (JsonNode rule :
        resources("cloudflare_ruleset").stream().flatMap(CloudflareTest::rules).toList()) {
      boolean skips = rule.path("action").asText().equals("skip");
      assertEquals(skips, rule.at("/logging/enabled").asBoolean(), rule.path("ref").asText());
      assertEquals(skips, rule.has("logging"), rule.path("ref").asText());
    }
    assertEquals(
        List.of("hookwell_blocked", "hookwell_as_sent"),
        rulesOf("http_request_firewall_custom").stream()
            .map(rule -> rule.path("ref").asText())
            .toList(),
        "a blocked hook is refused before anything is skipped");
  }

  @Test
  void aBurstOfWebhooksIsNoFloodAtOnce() {
    JsonNode rule = onlyRule("ddos_l7");

    assertEquals("execute", rule.path("action").asText());
    // The Free plan has one override, of all requests of the zone.
    assertEquals("true", rule.path("expression").asText());
    assertEquals(
        "{\"id\":\"4d21379b4f9f4bb088e0729962c8b3cf\",\"overrides\":{\"sensitivity_level\":\"low\"}}",
        rule.path("action_parameters").toString());
    assertTrue(defaultOf("lower_ddos_sensitivity").asBoolean());
  }

  /** The schema that the tests hold is that of one release. */
  @Test
  void theProviderIsPinnedToTheReleaseOfTheSchema() throws Exception {
    assertTrue(
        Files.readString(FOLDER.resolve("main.tf")).contains("version = \"5.22.0\""),
        "see CloudflareSchema");
  }

  @Test
  void theSiteIsProxiedAndTheCertificatesRecordsAreNot() {
    List<JsonNode> records = resources("cloudflare_dns_record");

    assertEquals("var.domain_target", records.get(0).path("content").asText());
    assertTrue(records.get(0).path("proxied").asBoolean());
    assertFalse(records.get(1).path("proxied").asBoolean(true));
  }

  @Test
  void everyVariableIsDescribedTypedAndValidatedAndUsed() throws Exception {
    String text =
        Files.readString(FOLDER.resolve("main.tf"))
            + Files.readString(FOLDER.resolve("outputs.tf"));
    for (Hcl.Block variable : variables) {
      String name = variable.labels().get(0);
      assertTrue(variable.attributes().path("description").asText().length() > 20, name);
      assertTrue(variable.attributes().has("type"), name);
      assertTrue(
          variable.attributes().path("type").asText().equals("bool")
              || !ofType(variable.blocks(), "validation").isEmpty(),
          name);
      assertTrue(text.contains("var." + name), name);
    }
    assertEquals(
        new TreeSet<>(Set.of("page_url", "rate_limit", "blocked_hooks")),
        outputs.stream()
            .map(output -> output.labels().get(0))
            .collect(Collectors.toCollection(TreeSet::new)));
    outputs.forEach(output -> assertTrue(output.attributes().has("description")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a = 1", "a {", "a { b }", "a { b = }", "a { b = 1\n b = 2 }", "a { b = \"c }"})
  void whatCannotBeReadIsSaid(String text) {
    assertThrows(IllegalArgumentException.class, () -> Hcl.read(text));
  }

  private List<JsonNode> resources(String type) {
    return ofType(main, "resource").stream()
        .filter(resource -> resource.labels().get(0).equals(type))
        .map(resource -> (JsonNode) resource.attributes())
        .toList();
  }

  private List<JsonNode> rulesOf(String phase) {
    return resources("cloudflare_ruleset").stream()
        .filter(set -> set.path("phase").asText().equals(phase))
        .flatMap(CloudflareTest::rules)
        .toList();
  }

  private JsonNode onlyRule(String phase) {
    List<JsonNode> rules = rulesOf(phase);
    assertEquals(1, rules.size(), phase);
    return rules.getFirst();
  }

  private Hcl.Block variable(String name) {
    return variables.stream()
        .filter(variable -> variable.labels().get(0).equals(name))
        .findFirst()
        .orElseThrow();
  }

  private JsonNode defaultOf(String name) {
    return variable(name).attributes().path("default");
  }

  private static Stream<JsonNode> rules(JsonNode set) {
    return Template.list(set.path("rules")).stream();
  }

  private static List<Hcl.Block> ofType(Collection<Hcl.Block> blocks, String type) {
    return blocks.stream().filter(block -> block.type().equals(type)).toList();
  }

  private static Set<String> keys(JsonNode object) {
    return object.properties().stream().map(entry -> entry.getKey()).collect(Collectors.toSet());
  }
}

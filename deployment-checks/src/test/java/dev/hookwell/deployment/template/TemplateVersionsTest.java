package dev.hookwell.deployment.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hookwell.capture.Shows;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * {@code template.yaml}: that every value of an operator that reaches a function reaches the
 * version of it that is called. Gateway and queue call a published version, which never changes. A
 * version is published when the text that SAM hashes changes, which is the template's and holds no
 * value, or when CloudFormation replaces it, which it does when the version's description changes.
 */
@ExtendWith(TemplateSource.class)
final class TemplateVersionsTest {
  /**
   * Properties of which SAM makes resources of their own, which follow a parameter by themselves.
   */
  private static final Set<String> NOT_OF_A_VERSION =
      Set.of(
          "Description",
          "VersionDescription",
          "AutoPublishAlias",
          "AutoPublishAliasAllProperties",
          "ProvisionedConcurrencyConfig",
          "ReservedConcurrentExecutions",
          "DeploymentPreference",
          "EventInvokeConfig",
          "Events");

  private final Template template;

  TemplateVersionsTest(Template template) {
    this.template = template;
  }

  @Test
  void whateverCallsAFunctionOverItsAliasHasEveryChangePublished() {
    assertEquals(
        Set.of("IngestFunction", "RespondFunction", "PersistFunction", "ApiFunction"),
        Set.copyOf(published()));
    for (String function : published()) {
      JsonNode properties = template.properties(function);
      assertEquals("live", properties.path("AutoPublishAlias").asText(), function);
      assertTrue(properties.path("AutoPublishAliasAllProperties").asBoolean(), function);
    }
    // The callers of these name the function itself, so a version would never run.
    for (String function : List.of("MigrationFunction", "RetentionFunction")) {
      assertTrue(template.properties(function).path("AutoPublishAlias").isMissingNode());
    }
  }

  @Test
  @Shows("S32")
  void everyParameterThatReachesAFunctionMakesANewVersionOfIt() {
    Set<String> reaching = new TreeSet<>();
    eachChangedParameter(
        template,
        (before, after) -> {
          for (String function : published()) {
            if (reaches(function, before, after)) {
              reaching.add(difference(before, after));
              assertPublished(function, before, after);
            }
          }
        });
    // Enumerated above, and named here so that an enumeration of nothing is seen.
    assertEquals(
        Set.of(
            "AllowedOrigins",
            "ApiReservedConcurrency",
            "BlockedHooks",
            "CreationKeyVersion",
            "DomainName",
            "Handshakes",
            "HookCreation",
            "HookKeysVersion",
            "HooksLimit",
            "LargeBodies",
            "OriginSecretVersion",
            "ResponseScripts",
            "StoredBytesLimit"),
        reaching);
  }

  @Test
  void everySettingThatReachesAFunctionMakesANewVersionOfIt() {
    Set<String> reaching = new TreeSet<>();
    for (Map.Entry<String, JsonNode> group :
        template.section("Mappings").path("Settings").properties()) {
      for (Map.Entry<String, JsonNode> setting : group.getValue().properties()) {
        ObjectNode changed = template.root().deepCopy();
        ObjectNode settings = (ObjectNode) changed.at("/Mappings/Settings/" + group.getKey());
        settings.put(setting.getKey(), setting.getValue().asText() + "1");
        StackValues before = new StackValues(template, Map.of());
        StackValues after = new StackValues(new Template(changed), Map.of());
        for (String function : published()) {
          if (reaches(function, before, after)) {
            reaching.add(group.getKey() + "." + setting.getKey());
            assertPublished(function, before, after);
          }
        }
      }
    }
    assertEquals(
        Set.of(
            "Hook.Lifetime",
            "Hook.MaxLifetime",
            "Capture.Lifetime",
            "Capture.QuotaCaptures",
            "Capture.QuotaBytes",
            "Capture.Search",
            "Response.LongestDelay",
            "Logs.OneIn"),
        reaching);
  }

  /** CloudFormation reads a secret again only when the reference to it has changed. */
  @Test
  @Shows("S38")
  void aSecretInAnEnvironmentIsNamedByItsVersionOnceItWasRotated() {
    StackValues rotated = new StackValues(template, StackValues.changed(template));
    for (String function : template.ofType("AWS::Serverless::Function")) {
      template
          .environment(function)
          .forEach((name, written) -> {
            String value = rotated.value(written).asText();
            assertTrue(
                !value.contains("{{resolve:") || value.matches(".*:SecretString:::first-\\w+}}"),
                function + " " + name + " " + value);
          });
    }
  }

  /** Lambda takes 256 characters; a version whose function did not change is not published. */
  @Test
  void theFunctionsDescriptionChangesTogetherWithItsVersions() {
    eachChangedParameter(
        template,
        (before, after) -> {
          for (String function : published()) {
            assertEquals(
                value(before, function, "VersionDescription")
                    .equals(value(after, function, "VersionDescription")),
                value(before, function, "Description")
                    .equals(value(after, function, "Description")));
          }
        });
    StackValues values = new StackValues(template, StackValues.changed(template));
    for (String function : published()) {
      assertTrue(value(values, function, "VersionDescription").length() < 100, function);
      assertTrue(value(values, function, "Description").length() < 100, function);
    }
  }

  /** A call may still be on its way to the version before. */
  @Test
  void aVersionIsKeptWhenANewOneTakesItsPlace() {
    for (String function : published()) {
      JsonNode resource = template.resource(function);
      assertEquals("Retain", resource.path("UpdateReplacePolicy").asText(), function);
      assertTrue(resource.path("DeletionPolicy").isMissingNode(), "SAM's own is Retain");
    }
  }

  /** The text from which the version follows is stored readable, so it must not hold a secret. */
  @Test
  void theCountedTextHoldsNoSecret() {
    StackValues values = new StackValues(template, StackValues.changed(template));
    String text = values.value(template.properties("SettingsVersion")).toString();
    assertFalse(text.contains("{{resolve:"), text);
    for (Map.Entry<String, JsonNode> parameter : template.section("Parameters").properties()) {
      if (parameter.getValue().path("NoEcho").asBoolean()) {
        assertFalse(text.contains(parameter.getKey()), text);
      }
    }
    assertEquals(
        "hosted", template.properties("SettingsProfile").path("LocationUri").asText(), "free");
  }

  /**
   * Once from the defaults and once from a stack in which everything is set, so that each condition
   * is met in both of its ways.
   */
  static void eachChangedParameter(Template template, BiConsumer<StackValues, StackValues> check) {
    Map<String, String> everything = StackValues.changed(template);
    for (Map<String, String> base : List.of(Map.<String, String>of(), everything)) {
      for (Map.Entry<String, JsonNode> parameter : template.section("Parameters").properties()) {
        String name = parameter.getKey();
        Map<String, String> changed = new HashMap<>(base);
        changed.put(
            name,
            base.isEmpty()
                ? everything.get(name)
                : StackValues.other(name, parameter.getValue(), "second"));
        check.accept(new StackValues(template, base), new StackValues(template, changed));
      }
    }
  }

  private boolean reaches(String function, StackValues before, StackValues after) {
    ObjectNode properties = template.properties(function).deepCopy();
    properties.remove(NOT_OF_A_VERSION);
    return !before.value(properties).equals(after.value(properties));
  }

  private static void assertPublished(String function, StackValues before, StackValues after) {
    assertNotEquals(
        value(before, function, "VersionDescription"),
        value(after, function, "VersionDescription"),
        () -> difference(before, after) + " does not reach the version of " + function);
  }

  private static String value(StackValues values, String function, String property) {
    return values.value(values.template().properties(function).path(property)).asText();
  }

  private static String difference(StackValues before, StackValues after) {
    List<String> names = new ArrayList<>(after.parameters().keySet());
    names.removeIf(
        name -> Objects.equals(after.parameters().get(name), before.parameters().get(name)));
    return names.isEmpty() ? "a setting" : names.getFirst();
  }

  /** The functions that have an alias. */
  private List<String> published() {
    return template.ofType("AWS::Serverless::Function").stream()
        .filter(function -> template.properties(function).has("AutoPublishAlias"))
        .toList();
  }
}

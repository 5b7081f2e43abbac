package dev.hookwell.deployment.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * {@code template.yaml}: that every name in it is defined, everything in it is used, and a resource
 * has the properties of its type. AWS's own tools check some of that; the build must not depend on
 * them.
 */
@ExtendWith(TemplateSource.class)
final class TemplateShapeTest {
  private static final Pattern FILLED_IN = Pattern.compile("\\$\\{([^}]+)}");
  private static final Set<String> OF_AWS =
      Set.of("AWS::StackName", "AWS::Region", "AWS::AccountId", "AWS::Partition", "AWS::NoValue");

  /** Mappings of which a parameter chooses the group. */
  private static final Map<String, String> CHOSEN =
      Map.of("DeploymentWays", "Deployment", "BatchSizes", "Batches");

  private static final Map<String, List<Expected>> SHAPES = shapes();

  private final Template template;

  /** The parameters, resources, conditions and mappings that something names. */
  private final Set<String> used = new TreeSet<>();

  TemplateShapeTest(Template template) {
    this.template = template;
  }

  /** The form of a value that a kind of resource has under a path, or may have. */
  private record Expected(String path, boolean optional, Pattern value) {
    boolean fits(String at) {
      return path.endsWith(".*")
          ? at.startsWith(path.substring(0, path.length() - 1))
          : at.equals(path);
    }
  }

  @Test
  void theTemplateIsOneOfSam() {
    assertEquals(
        Set.of(
            "AWSTemplateFormatVersion",
            "Transform",
            "Description",
            "Parameters",
            "Mappings",
            "Rules",
            "Conditions",
            "Globals",
            "Resources",
            "Outputs"),
        Set.copyOf(names(template.root())));
    assertEquals(List.of("Function"), names(template.section("Globals")));
    assertEquals(
        List.of("Settings", "BatchSizes", "DeploymentWays"), names(template.section("Mappings")));
    template
        .section("Mappings")
        .forEach(
            mapping -> mapping.forEach(group -> assertTrue(group.isObject(), group::toString)));
    assertEquals("2010-09-09", template.section("AWSTemplateFormatVersion").asText());
    assertEquals("AWS::Serverless-2016-10-31", template.section("Transform").asText());
  }

  @Test
  void everyResourceHoldsWhatOneOfItsTypeDoes() {
    List<String> faults = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : template.section("Resources").properties()) {
      String type = entry.getValue().path("Type").asText();
      Map<String, List<String>> held = held(entry.getValue());
      List<Expected> shape = SHAPES.getOrDefault(type, List.of());
      if (shape.isEmpty()) {
        faults.add(entry.getKey() + " is a " + type);
        continue;
      }
      for (Expected expected : shape) {
        List<String> paths = held.keySet().stream().filter(expected::fits).toList();
        if (paths.isEmpty() && !expected.optional()) {
          faults.add(entry.getKey() + " has no " + expected.path());
        }
        int inList = expected.path().lastIndexOf("[].");
        if (inList > 0 && !expected.optional()) {
          int items = items(entry.getValue(), expected.path().substring(0, inList));
          if (held.getOrDefault(expected.path(), List.of()).size() < items) {
            faults.add(entry.getKey() + " has not " + items + " times " + expected.path());
          }
        }
        for (String path : paths) {
          held.getOrDefault(path, List.of()).stream()
              .filter(value -> !expected.value().matcher(value).matches())
              .forEach(value -> faults.add(entry.getKey() + " " + path + " is " + value));
          held.remove(path);
        }
      }
      held.keySet().forEach(path -> faults.add(entry.getKey() + " has a " + path));
    }
    assertEquals(List.of(), faults);
  }

  @Test
  void everyNameIsOneOfSomethingAndEverythingIsUsed() {
    List<String> unknown = new ArrayList<>();
    for (String section : List.of("Rules", "Conditions", "Resources", "Outputs")) {
      findNames(template.section(section), unknown);
    }
    assertEquals(List.of(), unknown);
    Set<String> unused = new TreeSet<>();
    for (String section : List.of("Parameters", "Conditions")) {
      unused.addAll(names(template.section(section)));
    }
    for (Map.Entry<String, JsonNode> mapping : template.section("Mappings").properties()) {
      String name = mapping.getKey();
      for (Map.Entry<String, JsonNode> group : mapping.getValue().properties()) {
        String chosen = CHOSEN.getOrDefault(name, group.getKey());
        names(group.getValue()).forEach(key -> unused.add(name + "." + chosen + "." + key));
      }
    }
    unused.removeAll(used);
    assertEquals(Set.of(), unused);
  }

  /** Nothing is set by default, and each parameter turns its own conditions on. */
  @Test
  void aConditionHoldsWhenItsParameterIsGiven() {
    assertEquals(Set.of(), holding(Map.of()));
    Map<String, String> changed = StackValues.changed(template);
    Map<String, Set<String>> turnedOn = new TreeMap<>();
    changed.forEach((name, value) -> {
      Set<String> holding = holding(Map.of(name, value));
      if (!holding.isEmpty()) {
        turnedOn.put(name, holding);
      }
    });
    assertEquals(
        Map.ofEntries(
            Map.entry("MigrationDatabaseUrl", Set.of("HasMigrationDatabaseUrl")),
            Map.entry("AlarmEmail", Set.of("HasAlarmEmail")),
            Map.entry("MonthlyBudget", Set.of("HasBudget")),
            Map.entry("DomainName", Set.of("HasDomain")),
            Map.entry("OriginSecretVersion", Set.of("HasOriginSecret")),
            Map.entry("HookKeysVersion", Set.of("HasHookKeysVersion")),
            Map.entry("CreationKeyVersion", Set.of("HasCreationKeyVersion")),
            Map.entry("HookCreation", Set.of("CreationNeedsKey")),
            Map.entry("IngestProvisionedConcurrency", Set.of("HasProvisionedConcurrency")),
            Map.entry("ApiReservedConcurrency", Set.of("HasApiReservedConcurrency")),
            Map.entry("RespondReservedConcurrency", Set.of("HasRespondReservedConcurrency"))),
        turnedOn);
  }

  private Set<String> holding(Map<String, String> parameters) {
    StackValues values = new StackValues(template, parameters);
    return names(template.section("Conditions")).stream()
        .filter(values::holds)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void whatThereIsOnlySometimesIsThereWhenItIsNeeded() {
    Map<String, String> conditions = new TreeMap<>();
    for (String section : List.of("Resources", "Outputs")) {
      for (Map.Entry<String, JsonNode> entry : template.section(section).properties()) {
        if (entry.getValue().has("Condition")) {
          conditions.put(entry.getKey(), entry.getValue().path("Condition").asText());
        }
      }
    }
    assertEquals(
        Map.of(
            "CreationKeySecret", "CreationNeedsKey",
            "CreationKeySecretName", "CreationNeedsKey",
            "MigrationDatabaseSecret", "HasMigrationDatabaseUrl",
            "Domain", "HasDomain",
            "DomainMapping", "HasDomain",
            "DomainTarget", "HasDomain",
            "AlarmSubscription", "HasAlarmEmail",
            "Budget", "HasBudget"),
        conditions);
  }

  @Test
  void aDomainWithoutACertificateIsRefused() {
    JsonNode rules = template.section("Rules");
    assertEquals(Set.of("DomainNeedsCertificate"), Set.copyOf(names(rules)));
    JsonNode rule = rules.path("DomainNeedsCertificate");
    assertEquals(Set.of("RuleCondition", "Assertions"), Set.copyOf(names(rule)));
    assertEquals(1, rule.path("Assertions").size());
    JsonNode assertion = rule.path("Assertions").path(0);
    assertEquals(Set.of("Assert", "AssertDescription"), Set.copyOf(names(assertion)));
    String domain = "hooks.example.com";
    assertEquals("false", evaluated(rule.path("RuleCondition"), Map.of()));
    assertEquals("true", evaluated(rule.path("RuleCondition"), Map.of("DomainName", domain)));
    assertEquals("false", evaluated(assertion.path("Assert"), Map.of("DomainName", domain)));
    assertEquals("true", evaluated(assertion.path("Assert"), Map.of("CertificateArn", "arn:x")));
  }

  private String evaluated(JsonNode written, Map<String, String> parameters) {
    return new StackValues(template, parameters).value(written).toString();
  }

  @Test
  void parametersHoldWhatParametersDo() {
    for (Map.Entry<String, JsonNode> entry : template.section("Parameters").properties()) {
      String name = entry.getKey();
      JsonNode parameter = entry.getValue();
      Set<String> keys = new TreeSet<>(names(parameter));
      assertTrue(keys.remove("Type") && keys.remove("Description"), name);
      String type = parameter.path("Type").asText();
      assertTrue(Set.of("String", "Number").contains(type), name + " is a " + type);
      assertEquals(!name.equals("DatabaseUrl"), keys.remove("Default"), name);
      assertEquals(name.endsWith("DatabaseUrl"), keys.remove("NoEcho"), name);
      if (type.equals("Number")) {
        assertEquals(Set.of("MinValue"), keys, name);
        assertEquals(0, parameter.path("MinValue").asInt(-1), name);
      } else if (keys.remove("AllowedValues")) {
        assertEquals(Set.of(), keys, name);
        assertTrue(
            Template.list(parameter.path("AllowedValues")).contains(parameter.path("Default")));
      } else {
        keys.remove("MaxLength");
        assertEquals(Set.of("AllowedPattern", "ConstraintDescription"), keys, name);
      }
    }
    JsonNode creation = template.section("Parameters").path("HookCreation");
    assertEquals("[\"open\",\"key\"]", creation.path("AllowedValues").toString());
    JsonNode scripts = template.section("Parameters").path("ResponseScripts");
    assertEquals("[\"off\",\"on\"]", scripts.path("AllowedValues").toString());
    JsonNode large = template.section("Parameters").path("LargeBodies");
    assertEquals("[\"off\",\"on\"]", large.path("AllowedValues").toString());
    assertEquals("off", large.path("Default").asText(), "readers come first");
    JsonNode batches = template.section("Parameters").path("Batches");
    assertEquals("[\"small\",\"large\"]", batches.path("AllowedValues").toString());
    assertEquals("small", batches.path("Default").asText(), "a quiet site would wait 20 s");
    JsonNode handshakes = template.section("Parameters").path("Handshakes");
    assertEquals("[\"on\",\"off\"]", handshakes.path("AllowedValues").toString());
    assertEquals("on", handshakes.path("Default").asText(), "senders would not register a hook");
    assertEquals(
        Set.of(
            "HookCreation",
            "Handshakes",
            "LargeBodies",
            "Batches",
            "HooksLimit",
            "StoredBytesLimit",
            "ResponseScripts",
            "Deployment"),
        setByDefault());
    // A function's whole environment may have 4 KB; the rest of it is the keys and some names.
    assertEquals(2700, longest("BlockedHooks"), "60 hooks");
    assertEquals(1000, longest("AllowedOrigins"));
  }

  private Set<String> setByDefault() {
    return template.section("Parameters").properties().stream()
        .filter(
            parameter -> !Set.of("", "0").contains(parameter.getValue().path("Default").asText()))
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private int longest(String parameter) {
    return template.section("Parameters").path(parameter).path("MaxLength").asInt();
  }

  /** How many items all lists at a path have. */
  private static int items(JsonNode resource, String path) {
    List<JsonNode> nodes = List.of(resource.path("Properties"));
    for (String name : (path + "[]").replace("[]", ".[]").split("\\.", -1)) {
      nodes =
          nodes.stream()
              .flatMap(node ->
                  name.equals("[]") ? Template.list(node).stream() : Stream.of(node.path(name)))
              .toList();
    }
    return nodes.size();
  }

  /** The values of a resource by their paths, as {@code Queues[]} or {@code @Condition}. */
  private Map<String, List<String>> held(JsonNode resource) {
    Map<String, List<String>> held = new HashMap<>();
    for (Map.Entry<String, JsonNode> attribute : resource.properties()) {
      if (!Set.of("Type", "Properties").contains(attribute.getKey())) {
        find("@" + attribute.getKey(), attribute.getValue(), held);
      }
    }
    resource
        .path("Properties")
        .properties()
        .forEach(property -> find(property.getKey(), property.getValue(), held));
    return held;
  }

  private void find(String at, JsonNode node, Map<String, List<String>> held) {
    if (node.isObject() && !isFunction(node) && !node.isEmpty()) {
      node.properties()
          .forEach(member -> find(at + "." + member.getKey(), member.getValue(), held));
    } else if (node.isArray() && !node.isEmpty()) {
      node.forEach(item -> find(at + "[]", item, held));
    } else {
      held.computeIfAbsent(at, path -> new ArrayList<>()).add(Template.text(node));
    }
  }

  private static boolean isFunction(JsonNode node) {
    return node.size() == 1 && node.fieldNames().next().matches("Ref|Fn::.*");
  }

  private void findNames(JsonNode node, List<String> unknown) {
    if (node.isObject()) {
      for (Map.Entry<String, JsonNode> member : node.properties()) {
        JsonNode value = member.getValue();
        switch (member.getKey()) {
          case "Ref" -> use(value.asText(), unknown);
          case "Fn::GetAtt" -> use(value.path(0).asText(), unknown);
          case "Fn::Sub" -> useFilledIn(value, unknown);
          case "Fn::If" -> use(value.path(0).asText(), unknown);
          case "Fn::FindInMap" ->
              use(
                  Template.list(value).stream()
                      .map(Template::text)
                      .collect(Collectors.joining(".")),
                  unknown);
          case "Condition" -> {
            if (value.isTextual()) {
              use(value.asText(), unknown);
            }
          }
          case "DependsOn" -> Template.list(value).forEach(name -> use(name.asText(), unknown));
          default -> {}
        }
        findNames(value, unknown);
      }
    } else if (node.isArray()) {
      node.forEach(item -> findNames(item, unknown));
    }
  }

  private void useFilledIn(JsonNode value, List<String> unknown) {
    JsonNode own = value.isArray() ? value.path(1) : template.root().path("");
    Set<String> unusedOwn = new TreeSet<>(names(own));
    Matcher found = FILLED_IN.matcher((value.isArray() ? value.path(0) : value).asText());
    while (found.find()) {
      if (!unusedOwn.remove(found.group(1)) && !own.has(found.group(1))) {
        use(found.group(1).replaceFirst("\\..*", ""), unknown);
      }
    }
    unusedOwn.forEach(name -> unknown.add(name + " is not filled in"));
  }

  private void use(String name, List<String> unknown) {
    String resource = name.endsWith(".Alias") ? name.replace(".Alias", "") : name;
    String[] keys = name.split("\\.", -1);
    boolean known =
        OF_AWS.contains(name)
            || template.section("Parameters").has(name)
            || template.section("Conditions").has(name)
            || template.section("Resources").has(resource)
            || (keys.length == 3 && isMapped(keys[0], keys[1], keys[2]));
    if (!known) {
      unknown.add(name);
    }
    used.add(name);
  }

  private boolean isMapped(String mapping, String group, String key) {
    JsonNode groups = template.section("Mappings").path(mapping);
    return CHOSEN.containsKey(mapping)
        ? group.equals(CHOSEN.get(mapping))
            && groups.properties().stream().allMatch(each -> each.getValue().has(key))
        : groups.path(group).has(key);
  }

  private static List<String> names(JsonNode object) {
    return object.properties().stream().map(Map.Entry::getKey).toList();
  }

  private static Map<String, List<Expected>> shapes() {
    String text;
    try {
      text = Files.readString(Path.of("src", "test", "resources", "aws", "shape.txt"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, List<Expected>> shapes = new HashMap<>();
    List<Expected> current = new ArrayList<>();
    for (String line : text.lines().toList()) {
      if (line.isBlank() || line.strip().startsWith("#")) {
        continue;
      }
      if (!line.startsWith(" ")) {
        current = new ArrayList<>();
        shapes.put(line, current);
        continue;
      }
      String[] parts = line.strip().split(" = ", 2);
      boolean optional = parts[0].endsWith("?");
      String path = optional ? parts[0].substring(0, parts[0].length() - 1) : parts[0];
      current.add(new Expected(path, optional, Pattern.compile(parts[1])));
    }
    return shapes;
  }
}

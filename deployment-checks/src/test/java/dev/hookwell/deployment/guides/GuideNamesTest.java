package dev.hookwell.deployment.guides;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hookwell.acceptance.support.Guide;
import dev.hookwell.deployment.cloudflare.CloudflareTest;
import dev.hookwell.deployment.cloudflare.Hcl;
import dev.hookwell.deployment.template.Template;
import java.text.NumberFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** All names in the lines of the operator's pages exist: outputs, parameters, alarms, variables. */
final class GuideNamesTest {
  private static final Pattern OUTPUT =
      Pattern.compile("\\b(?:output|secret|put) \"?([A-Z]\\w+)|for \\w+ in ([A-Z][\\w ]+);");
  private static final Pattern OVERRIDES = Pattern.compile("--parameter-overrides (.*)");
  private static final Pattern PARAMETER = Pattern.compile("(?:^|[ '\"])([A-Z][A-Za-z]+)=");
  private static final Pattern ALARM = Pattern.compile("hookwell-(\\w+)");
  private static final Pattern VARIABLE =
      Pattern.compile("-var \"?(\\w+)=|TF_VAR_(\\w+)|^(\\w+) *= ", Pattern.MULTILINE);
  private static final Pattern EDGE_OUTPUT =
      Pattern.compile("terraform -chdir=cloudflare output (\\w+)");

  private final Template template = Template.read(Template.SOURCE);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "docs/first-day.md",
        "docs/operator.md",
        "docs/cloudflare.md",
        "docs/cost.md",
        "docs/scale.md"
      })
  void everyNameInALineExists(String page) {
    assertEquals(Set.of(), unknown(Guide.read(page)));
  }

  @Test
  void theFirstDayUsesWhatThereIs() {
    Guide firstDay = Guide.read("docs/first-day.md");
    Set<String> outputs = names(OUTPUT, shell(firstDay));
    for (String output : List.of("ApiUrl", "DomainTarget", "RedriveCommand", "OriginSecretName")) {
      assertEquals(true, outputs.contains(output), output);
    }
    assertFalse(names(VARIABLE, hcl(firstDay)).isEmpty());
    assertFalse(parameters(firstDay).isEmpty());
    assertFalse(names(ALARM, shell(firstDay)).isEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "output DomainTarge | DomainTarge",
        "X=$(secret \"OriginSecret\") | OriginSecret",
        "for Q in QueueUrl DeadQueueUrl; do | DeadQueueUrl",
        "sam deploy --parameter-overrides BlockedHook=$ID | BlockedHook",
        "sam deploy --parameter-overrides DomainName=a Certificate=b | Certificate",
        "aws cloudwatch describe-alarms --alarm-name-prefix hookwell-DeadLettersAlarm |"
            + " DeadLettersAlarm",
        "terraform -chdir=cloudflare apply -var \"blocked_hook=[]\" | blocked_hook",
        "export TF_VAR_origin_secrets=x | origin_secrets",
        "terraform -chdir=cloudflare output page | page"
      })
  void aNameThatDoesNotExistIsFound(String line, String unknown) {
    Guide guide = new Guide(Guide.ROOT, "```sh\n" + line + "\n```\n");

    assertEquals(Set.of(unknown), unknown(guide));
  }

  @Test
  void thePageOnScaleHasTheTemplatesLimitsAndAlarms() {
    String page = Guide.read("docs/scale.md").text();
    JsonNode settings = template.section("Mappings").path("Settings");
    JsonNode throttle = settings.path("Throttle");
    NumberFormat number = NumberFormat.getIntegerInstance(Locale.ROOT);
    String hooks = throttle.path("HookRate") + " a second**, ";
    assertTrue(page.contains("**" + hooks + number.format(throttle.path("HookBurst").asInt())));
    assertTrue(
        page.contains(
            throttle.path("PageRate") + " a second, " + throttle.path("PageBurst") + " at once"));
    long gigabytes =
        template.section("Parameters").path("StoredBytesLimit").path("Default").asLong() >> 30;
    assertTrue(page.contains("`StoredBytesLimit`, " + gigabytes + " GiB"));
    assertTrue(
        page.contains(
            template
                    .properties("PersistFunction")
                    .at("/Events/Captures/Properties/ScalingConfig/MaximumConcurrency")
                + " batches at once"));
    List<String> alarms = template.ofType("AWS::CloudWatch::Alarm");
    List<String> seen =
        Pattern.compile("`([A-Z]\\w+)`")
            .matcher(page.replaceAll("(?m)^(?!\\|).*$", ""))
            .results()
            .map(name -> name.group(1))
            .filter(name -> !template.section("Parameters").has(name))
            .filter(name -> !throttle.has(name))
            .filter(name -> !Set.of("LagMillis", "Settings", "MaximumConcurrency").contains(name))
            .toList();
    assertTrue(seen.size() > 10, seen::toString);
    seen.forEach(name -> assertTrue(alarms.contains(name + "Alarm"), name));
  }

  @Test
  void thePageOnCloudflareListsEveryVariableAndEveryResource() {
    String page = Guide.read("docs/cloudflare.md").text();

    assertEquals(edge("variables.tf", "variable"), rows(section(page, "## Variables")));
    assertEquals(edge("main.tf", "resource"), rows(section(page, "## What it sets")));
  }

  private Set<String> unknown(Guide guide) {
    Set<String> unknown = new TreeSet<>();
    for (String name : names(OUTPUT, shell(guide))) {
      add(name, template.section("Outputs").has(name), unknown);
    }
    for (String name : parameters(guide)) {
      add(name, template.section("Parameters").has(name), unknown);
    }
    List<String> alarms = template.ofType("AWS::CloudWatch::Alarm");
    for (String name : names(ALARM, String.join("\n", guide.awsCommands()))) {
      add(name, alarms.contains(name), unknown);
    }
    Set<String> variables = edge("variables.tf", "variable");
    String lines = shell(guide).replaceAll("(?m)^\\w+ *=", "") + hcl(guide);
    for (String name : names(VARIABLE, lines)) {
      add(name, variables.contains(name), unknown);
    }
    for (String name : names(EDGE_OUTPUT, shell(guide))) {
      add(name, edge("outputs.tf", "output").contains(name), unknown);
    }
    return unknown;
  }

  private static void add(String name, boolean exists, Set<String> unknown) {
    if (!exists) {
      unknown.add(name);
    }
  }

  private static Set<String> parameters(Guide guide) {
    return OVERRIDES
        .matcher(shell(guide).replaceAll("\\$\\([^()]*\\)", "VALUE"))
        .results()
        .flatMap(line -> names(PARAMETER, line.group(1)).stream())
        .filter(name -> !name.equals("Name"))
        .collect(Collectors.toSet());
  }

  /** The words that any group of the pattern finds. */
  private static Set<String> names(Pattern pattern, String text) {
    Set<String> names = new TreeSet<>();
    Matcher found = pattern.matcher(text);
    while (found.find()) {
      for (int group = 1; group <= found.groupCount(); group++) {
        if (found.group(group) != null) {
          names.addAll(List.of(found.group(group).split(" ")));
        }
      }
    }
    return names;
  }

  private static String shell(Guide guide) {
    return Stream.of("sh", "")
        .flatMap(language -> guide.blocks(language).stream())
        .collect(Collectors.joining("\n"));
  }

  private static String hcl(Guide guide) {
    return String.join("\n", guide.blocks("hcl"));
  }

  /** The names of all blocks of a kind: {@code type.name} for a block with two labels. */
  private static Set<String> edge(String file, String kind) {
    return Hcl.read(CloudflareTest.FOLDER.resolve(file)).stream()
        .filter(block -> block.type().equals(kind))
        .map(block -> String.join(".", block.labels()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String section(String page, String heading) {
    int start = page.indexOf(heading + "\n");
    int end = page.indexOf("\n## ", start + 1);
    return page.substring(start, end);
  }

  /** The texts in backquotes in the first column of a table. */
  private static Set<String> rows(String section) {
    return section
        .lines()
        .filter(line -> line.startsWith("| `"))
        .map(line -> line.substring(0, line.indexOf('|', 1)))
        .flatMap(cell -> Pattern.compile("`([^`]+)`").matcher(cell).results())
        .map(name -> name.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}

package dev.hookwell.deployment.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hookwell.acceptance.support.Guide;
import dev.hookwell.capture.Shows;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code template.yaml} in the hands of AWS's own tools, without a network and without an account.
 * {@code .ci/aws-tools} installs them; without them this is skipped.
 */
final class AwsToolsIT {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final String TEMPLATE = ROOT.resolve("template.yaml").toString();

  /**
   * The parameter and the mapping are used by the transform itself, and nothing of them is left.
   */
  private static final String USED_UP = "W2001,W7001";

  /** SAM passes a function's UpdateReplacePolicy on to its versions, and sets Retain for them. */
  private static final String POLICIES_OF_SAM = "W3011";

  private static final String EVERYTHING =
      "Deployment=Canary10Percent5Minutes DomainName=hooks.example.com HookCreation=key"
          + " CertificateArn=arn:aws:acm:eu-central-1:123456789012:certificate/0a"
          + " IngestProvisionedConcurrency=2 AlarmEmail=ops@example.com MonthlyBudget=50"
          + " MigrationDatabaseUrl=postgresql://m:x@db.example.com/hookwell"
          + " OriginSecretVersion=00000000-0000-0000-0000-000000000000"
          + " HookKeysVersion=00000000-0000-0000-0000-000000000000"
          + " CreationKeyVersion=00000000-0000-0000-0000-000000000000"
          + " ApiReservedConcurrency=50 Batches=large";

  private static final Path TOOLS = tools();

  @TempDir Path folder;

  private record Run(int status, String output) {}

  private static Path tools() {
    String cache = System.getenv("XDG_CACHE_HOME");
    Path caches =
        cache == null || cache.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(cache);
    return caches.resolve("hookwell").resolve("aws-tools");
  }

  @BeforeAll
  static void findTools() {
    boolean there = Files.exists(TOOLS.resolve("complete"));
    if (!there) {
      System.out.println("Hookwell: AwsToolsIT was SKIPPED; .ci/aws-tools installs what it needs");
    }
    assumeTrue(there, ".ci/aws-tools installs sam and cfn-lint");
  }

  @Test
  void samTakesTheTemplateWithoutAWarning() throws Exception {
    Run run = run("sam", "validate", "--lint", "--template", TEMPLATE);

    assertEquals(0, run.status(), run.output());
    assertTrue(run.output().contains("is a valid SAM Template"), run.output());
  }

  @Test
  void cfnLintTakesTheTemplateAsItIsWritten() throws Exception {
    Run run = run("cfn-lint", TEMPLATE);

    assertEquals(0, run.status(), run.output());
  }

  /** Only this sees circles, misspelt runtimes and misspelt actions. */
  @ParameterizedTest
  @ValueSource(strings = {"", EVERYTHING})
  void cfnLintTakesWhatCloudFormationMakesOfIt(String parameters) throws Exception {
    String ignored = USED_UP + "," + POLICIES_OF_SAM;
    Run run = run("cfn-lint", "--ignore-checks", ignored, "--", transformed(parameters).toString());

    assertEquals(0, run.status(), run.output());
  }

  @Test
  @Shows("S33")
  void theTransformGivesNobodyMoreThanTheTemplateDoes() throws Exception {
    Template template = Template.read(transformed(""));

    LeastPrivilege.check(template, "AWS::Lambda::Function", Map.of());
    assertEquals(List.of(), template.ofType("AWS::CodeDeploy::Application"));
    assertEquals(3, template.ofType("AWS::Lambda::Permission").size());
  }

  @Test
  void aGradualDeploymentAddsTheRoleOfCodeDeployAndNothingElse() throws Exception {
    Template template = Template.read(transformed(EVERYTHING));

    LeastPrivilege.check(
        template,
        "AWS::Lambda::Function",
        Map.of("CodeDeployServiceRole", "service-role/AWSCodeDeployRoleForLambda"));
    assertEquals(3, template.ofType("AWS::CodeDeploy::DeploymentGroup").size());
    assertEquals(3, template.ofType("AWS::Lambda::Permission").size());
  }

  /**
   * As {@link TemplateVersionsTest}, with the template that SAM itself makes: a version is
   * published when SAM gives it another name, or when CloudFormation replaces it because its
   * description is another.
   */
  @Test
  @Shows("S32")
  void everyParameterThatReachesAFunctionBehindTheGatewayOrTheQueueMakesANewVersion()
      throws Exception {
    List<String> arguments = new ArrayList<>();
    arguments.add(Path.of("src", "test", "resources", "aws", "transform.py").toString());
    arguments.add(TEMPLATE);
    List<Map<String, String>> parameters = new ArrayList<>();
    TemplateVersionsTest.eachChangedParameter(
        Template.read(Template.SOURCE),
        (before, after) -> {
          for (StackValues values : List.of(before, after)) {
            if (arguments.size() > 2) {
              arguments.add("--");
            }
            arguments.add(folder.resolve(parameters.size() + ".json").toString());
            values.parameters().forEach((name, value) -> arguments.add(name + "=" + value));
            parameters.add(values.parameters());
          }
        });
    Run run = run("python", arguments.toArray(String[]::new));
    assertEquals(0, run.status(), run.output());

    int published = 0;
    for (int i = 0; i < parameters.size(); i += 2) {
      StackValues before = transformed(i, parameters);
      StackValues after = transformed(i + 1, parameters);
      assertOnlyAliasesAreCalled(after);
      for (String alias : after.template().ofType("AWS::Lambda::Alias")) {
        if (!configuration(before, alias).equals(configuration(after, alias))) {
          assertNotEquals(
              version(before, alias),
              version(after, alias),
              () -> alias + " of " + after.parameters() + " after " + before.parameters());
          published++;
        }
      }
    }
    assertTrue(published >= 20, "only " + published);
  }

  private StackValues transformed(int number, List<Map<String, String>> parameters) {
    return new StackValues(Template.read(folder.resolve(number + ".json")), parameters.get(number));
  }

  /** By the gateway and the queue, whose calls nothing but a new version changes. */
  private static void assertOnlyAliasesAreCalled(StackValues values) {
    Template template = values.template();
    List<String> aliases = template.ofType("AWS::Lambda::Alias");
    assertEquals(4, aliases.size());
    List<String> called = new ArrayList<>();
    template
        .ofType("AWS::ApiGatewayV2::Integration")
        .forEach(integration ->
            called.add(Template.text(template.properties(integration).path("IntegrationUri"))));
    template
        .ofType("AWS::Lambda::EventSourceMapping")
        .forEach(mapping ->
            called.add(Template.text(template.properties(mapping).path("FunctionName"))));
    assertEquals(Set.copyOf(aliases), Set.copyOf(called));
  }

  /** Of the function behind an alias, as a version would hold it. */
  private static JsonNode configuration(StackValues values, String alias) {
    String function = Template.text(values.template().properties(alias).path("FunctionName"));
    ObjectNode properties = values.template().properties(function).deepCopy();
    properties.remove(List.of("Description", "ReservedConcurrentExecutions"));
    return values.value(properties);
  }

  /** The version's name, and the properties that CloudFormation compares. */
  private static String version(StackValues values, String alias) {
    String version =
        Template.text(values.template().properties(alias).path("FunctionVersion"))
            .replace(".Version", "");
    return version + values.value(values.template().properties(version));
  }

  @Test
  void samBuildLeavesATreeThatCanBeDeployed() throws Exception {
    assumeTrue(
        !Boolean.getBoolean("hookwell.jars.left.out"), "the functions' jars were not to be made");
    Path build = folder.resolve("build");

    Run run =
        run(
            "sam",
            "build",
            "--template",
            TEMPLATE,
            "--build-dir",
            build.toString(),
            "--cache-dir",
            folder.resolve("cache").toString());

    assertEquals(0, run.status(), run.output());
    Template built = Template.read(build.resolve("template.yaml"));
    List<String> functions = built.ofType("AWS::Serverless::Function");
    assertEquals(6, functions.size());
    for (String function : functions) {
      Path jar = build.resolve(built.properties(function).path("CodeUri").asText());
      String handler = built.properties(function).path("Handler").asText();
      // sam build does not mind a jar that is missing.
      assertTrue(Files.isRegularFile(jar), jar.toString());
      try (ZipFile entries = new ZipFile(jar.toFile())) {
        assertTrue(entries.getEntry(handler.replace('.', '/') + ".class") != null, handler);
      }
      assertTrue(Files.size(jar) < 50L * 1024 * 1024, "Lambda takes 50 MB");
    }
  }

  @Test
  void everyLineOfTheGuidesIsACommandOfAws() throws Exception {
    List<String> commands = new ArrayList<>();
    for (Guide guide : Guide.all()) {
      commands.addAll(guide.awsCommands());
    }
    assertTrue(commands.size() > 20, () -> "only " + commands);

    Run run = checked(commands);

    assertEquals(0, run.status(), run.output());
    assertEquals("", run.output());
  }

  @Test
  void aCommandThatAwsDoesNotHaveIsFound() throws Exception {
    List<String> wrong =
        List.of(
            "aws sqss list-queues",
            "aws sqs list-queue",
            "aws sqs get-queue-attributes --queue-url x --attributes All",
            "aws sqs start-message-move-task --region r",
            "aws acm wait certificate-valid --certificate-arn x");

    String found = checked(wrong).output();

    wrong.forEach(command -> assertTrue(found.contains(command), command));
  }

  private Run checked(List<String> commands) throws Exception {
    Path lines = Files.write(folder.resolve("commands.txt"), commands);
    return run(
        "python",
        Path.of("src", "test", "resources", "aws", "commands.py").toString(),
        lines.toString());
  }

  private Path transformed(String parameters) throws Exception {
    Path target = folder.resolve("transformed.json");
    List<String> arguments = new ArrayList<>();
    arguments.add(Path.of("src", "test", "resources", "aws", "transform.py").toString());
    arguments.add(TEMPLATE);
    arguments.add(target.toString());
    if (!parameters.isEmpty()) {
      arguments.addAll(List.of(parameters.split(" ")));
    }
    Run run = run("python", arguments.toArray(String[]::new));
    assertEquals(0, run.status(), run.output());
    return target;
  }

  private Run run(String tool, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(TOOLS.resolve("bin").resolve(tool).toString());
    command.addAll(List.of(arguments));
    File output = folder.resolve("output.txt").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output);
    builder
        .environment()
        .putAll(
            Map.of(
                "SAM_CLI_TELEMETRY", "0",
                "AWS_DEFAULT_REGION", "eu-central-1",
                "AWS_EC2_METADATA_DISABLED", "true",
                // Nothing listens there, so a tool that wants a network fails visibly.
                "HTTPS_PROXY", "http://127.0.0.1:9",
                "HTTP_PROXY", "http://127.0.0.1:9"));
    Process process = builder.start();
    try {
      assertTrue(process.waitFor(120, TimeUnit.SECONDS), tool + " takes too long");
      return new Run(process.exitValue(), Files.readString(output.toPath()));
    } finally {
      process.destroyForcibly();
    }
  }
}

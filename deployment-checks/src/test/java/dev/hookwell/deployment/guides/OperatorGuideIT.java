package dev.hookwell.deployment.guides;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hookwell.acceptance.support.Guide;
import dev.hookwell.capture.Capture;
import dev.hookwell.capture.Captures;
import dev.hookwell.capture.HookCheck;
import dev.hookwell.capture.HookId;
import dev.hookwell.capture.HookKeys;
import dev.hookwell.capture.ReaderKeys;
import dev.hookwell.capture.Shows;
import dev.hookwell.deployment.template.Template;
import dev.hookwell.local.CommandLines;
import dev.hookwell.store.CaptureWriter;
import dev.hookwell.store.Database;
import dev.hookwell.store.HookLimits;
import dev.hookwell.store.PostgresServer;
import dev.hookwell.store.Retention;
import dev.hookwell.store.Retries;
import dev.hookwell.store.SaveOutcome;
import dev.hookwell.store.Stores;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the lines of docs/operator.md and docs/cost.md that can be run without an account. */
final class OperatorGuideIT {
  /**
   * Lines with a secret that others could read. A shell's own printf is no program, and the
   * environment can be read by its user alone.
   */
  private static final Pattern SECRET_IN_A_LINE =
      Pattern.compile(
          "curl .*(Authorization|Bearer)|--database-url[ =](?!FILE|URL)[^"
              + " ]*[:$]|psql.*(://.*:.*@|PASSWORD)|DatabaseUrl=|-var["
              + " =].?\\w*(secret|token|key)|--secret-string \"?(?!\"?file:)[$\\w]|openssl"
              + " .*(-hmac|-macopt|-k |-pass )");

  private static final Path DOCS = Path.of("..", "docs");
  private static final String NO_PRIVILEGE = "42501";

  @TempDir Path folder;

  @RegisterExtension static final PostgresServer POSTGRES = new PostgresServer();

  @Test
  @Shows("S14")
  void theGuidesRolesLetTheMigrationChangeTheSchemaAndTheFunctionsUseIt() throws Exception {
    String admin = POSTGRES.freshDatabase();
    PostgresServer.execute(admin, roles());
    try {
      theRolesAreEnough(admin);
    } finally {
      dropRoles(admin);
    }
  }

  /** As a provider's administrator is. */
  @Test
  void theGuidesRolesAreMadeByAnAdministratorWhoIsNoSuperuser() throws Exception {
    String superuser = POSTGRES.freshDatabase();
    String name = superuser.replaceFirst("[?].*", "").replaceFirst(".*/", "");
    PostgresServer.execute(
        superuser,
        "CREATE ROLE provider_admin LOGIN CREATEROLE CREATEDB; ALTER DATABASE \"%s\" OWNER TO provider_admin"
            .formatted(name));
    try {
      PostgresServer.execute(as(superuser, "provider_admin"), roles());
      theRolesAreEnough(superuser);
    } finally {
      dropRoles(superuser);
      PostgresServer.execute(
          superuser,
          "ALTER DATABASE \"%s\" OWNER TO CURRENT_USER; DROP OWNED BY provider_admin; DROP ROLE provider_admin"
              .formatted(name));
    }
  }

  private static void theRolesAreEnough(String admin) throws Exception {
    Stores.migrate(as(admin, "hookwell_migrate"));

    Clock now = Clock.fixed(Captures.RECEIVED_AT, ZoneOffset.UTC);
    Retries retries = Stores.retries(now);
    try (Database database = Stores.open(as(admin, "hookwell_app"), 1)) {
      List<Capture> captures = List.of(Captures.capture());
      Instant deadline = Captures.RECEIVED_AT.plusSeconds(10);
      assertEquals(
          List.of(SaveOutcome.STORED),
          new CaptureWriter(database, HookLimits.DEFAULT, now, retries).save(captures, deadline));
      Instant later = deadline.plus(HookLimits.DEFAULT.captureLife());
      Clock then = Clock.fixed(later, ZoneOffset.UTC);
      Retention.Report report =
          new Retention(
                  database,
                  HookLimits.DEFAULT,
                  Retention.Batches.DEFAULT,
                  then,
                  Stores.retries(then))
              .run(later.plusSeconds(10));
      assertEquals(1, report.swept());
    }
  }

  @Test
  @Shows("S14")
  void theFunctionsRoleMayChangeNoTable() throws Exception {
    String admin = POSTGRES.freshDatabase();
    PostgresServer.execute(admin, roles());
    try {
      Stores.migrate(as(admin, "hookwell_migrate"));
      String jdbc = "jdbc:" + as(admin, "").replaceFirst("//@", "//");
      try (Connection app = DriverManager.getConnection(jdbc, "hookwell_app", "any");
          Statement statement = app.createStatement()) {
        for (String change :
            List.of(
                "CREATE TABLE more (id INT4)",
                "ALTER TABLE hooks ADD COLUMN more INT4",
                "DROP TABLE captures",
                "DROP INDEX hooks_due",
                "TRUNCATE bodies")) {
          SQLException refused =
              assertThrows(SQLException.class, () -> statement.execute(change), change);
          assertEquals(NO_PRIVILEGE, refused.getSQLState(), change);
        }
      }
    } finally {
      dropRoles(admin);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  @Shows("S36")
  void theScriptMakesTheKeysThatTheCodeMakes(int number) throws Exception {
    HookId hook = Captures.hook(number);
    ReaderKeys keys = ReaderKeys.parse(Captures.READER_KEYS);
    Map<String, String> ring = Map.of("READER_KEYS", "2:AAAA," + Captures.READER_KEYS);

    assertEquals(keys.ownerKey(hook) + "\n", shell(ring, "docs/owner-key.sh own " + hook.text()));
    assertEquals(keys.viewKey(hook) + "\n", shell(ring, "docs/owner-key.sh view " + hook.text()));
  }

  @Test
  @Shows("S41")
  void theScriptHandsItsSecretsToNoCommandLine() throws Exception {
    HookId hook = Captures.hook(1);
    ReaderKeys keys = ReaderKeys.parse(Captures.READER_KEYS);
    byte[] secret = Base64.getUrlDecoder().decode(Captures.READER_KEYS.replaceFirst("^.*?:", ""));
    CommandLines seen = CommandLines.watch();
    for (int i = 0; i < 10; i++) {
      shell(Map.of("READER_KEYS", Captures.READER_KEYS), "docs/owner-key.sh own " + hook.text());
    }
    Set<String> lines = seen.stop();

    assertTrue(lines.stream().anyMatch(line -> line.contains("openssl")), "nothing was seen");
    for (String hidden :
        List.of(
            Captures.READER_KEYS,
            Captures.READER_KEYS.replaceFirst("^.*?:", ""),
            HexFormat.of().formatHex(secret),
            keys.ownerKey(hook))) {
      assertTrue(lines.stream().noneMatch(line -> line.contains(hidden)), "on a command line");
    }
  }

  /** Pages of the top level and of {@code docs}, and the scripts beside them. */
  static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    for (String folder : List.of("..", "../docs")) {
      try (Stream<Path> files = Files.list(Path.of(folder))) {
        files.filter(file -> file.toString().matches(".*\\.(md|sh)")).forEach(pages::add);
      }
    }
    assertTrue(pages.size() > 20, pages::toString);
    return pages;
  }

  /** Which every user of the machine can read. */
  @ParameterizedTest
  @MethodSource("pages")
  @Shows("S41")
  void noLineToTypeHasASecretOnAProgramsCommandLine(Path page) throws Exception {
    List<String> found =
        Files.readString(page).lines().filter(OperatorGuideIT::showsASecret).toList();

    assertEquals(List.of(), found);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "curl -H \"Authorization: Bearer $HOOKWELL_KEY\" \"$HOOKWELL_API\"",
        "curl -fsS -X DELETE -H 'Authorization: Bearer abc' https://h",
        "./run check --database-url \"$DATABASE_URL\"",
        "./run --database-url postgresql://u:p@h/d",
        "psql postgresql://u:p@h/d",
        "PGPASSWORD=x psql -c 'ALTER USER a WITH PASSWORD b'",
        "sam deploy --parameter-overrides DatabaseUrl=postgresql://u@h/d",
        "sam deploy --parameter-overrides MigrationDatabaseUrl=\"$URL\"",
        "terraform apply -var origin_secret=abc",
        "aws secretsmanager put-secret-value --secret-id x --secret-string \"$NEW\"",
        "openssl dgst -sha256 -hmac \"$KEY\"",
        "openssl dgst -sha256 -mac HMAC -macopt \"hexkey:$KEY\"",
        "openssl enc -k \"$KEY\""
      })
  void aLineThatShowsASecretIsFound(String line) {
    assertTrue(showsASecret(line), line);
  }

  private static boolean showsASecret(String line) {
    return SECRET_IN_A_LINE.matcher(line).find();
  }

  /**
   * The lines of the first day that put a new key in front of a ring, with stand-ins for the
   * secrets that they would read.
   */
  @Test
  void theFirstDaysRingsKeepWhatWasGivenOut() throws Exception {
    List<String> lines =
        Guide.read("docs/first-day.md").blocks("sh").stream()
            .flatMap(String::lines)
            .filter(line -> line.startsWith("printf '2:"))
            .map(line -> line.replaceFirst(" > ring.txt$", ""))
            .toList();
    assertEquals(2, lines.size());
    HookId old = Captures.hook(1);

    ReaderKeys readers =
        ReaderKeys.parse(
            shell(
                Map.of(), "secret() { printf %s " + Captures.READER_KEYS + "; }; " + lines.get(0)));
    HookKeys hooks =
        HookKeys.parse(
            shell(Map.of(), "secret() { printf %s " + Captures.HOOK_KEYS + "; }; " + lines.get(1)));

    assertEquals(ReaderKeys.parse(Captures.READER_KEYS).ownerKey(old), readers.ownerKey(old));
    assertEquals(new HookCheck.Valid(old), hooks.check(old.text(), Captures.RECEIVED_AT));
    assertEquals(Set.of(1, 2), hooks.ids());
    HookId fresh = hooks.issue(Captures.EXPIRES_AT, new Random(1));
    assertEquals(2, fresh.keyId());
    assertTrue(!readers.ownerKey(fresh).isEmpty());
  }

  @Test
  void aShellUnderstandsEveryLineOfTheFirstDay() throws Exception {
    String script = String.join("\n", Guide.read("docs/first-day.md").blocks("sh"));
    Path file = Files.writeString(folder.resolve("first-day.sh"), script);

    assertEquals("", shell(Map.of(), "sh -n '" + file + "'"));
  }

  @Test
  void theCostsAreWhatTheScriptPrints() throws Exception {
    String printed = shell(Map.of(), "docs/cost.sh");

    assertTrue(text("cost.md").contains("```\n" + printed + "```\n"), printed);
  }

  @Test
  void theCostsCountWhatTheTemplateHas() throws Exception {
    Template template = Template.read(Template.SOURCE);
    String script = text("cost.sh");
    long always =
        template.ofType("AWS::SecretsManager::Secret").stream()
            .filter(secret -> template.resource(secret).path("Condition").isMissingNode())
            .count();
    // The recommended way: a role of its own for migrations.
    long secrets = always + 1;
    assertTrue(script.contains("\"" + secrets + " secrets\", " + secrets + " * "), "secrets");
    JsonNode throttle = template.section("Mappings").path("Settings").path("Throttle");
    assertTrue(script.contains("HOOK_RATE:-" + throttle.path("HookRate").asText()), "hooks");
    assertTrue(script.contains("PAGE_RATE:-" + throttle.path("PageRate").asText()), "pages");
    long stored = template.section("Parameters").path("StoredBytesLimit").path("Default").asLong();
    assertTrue(script.contains("STORED_GB:-" + stored / (1024 * 1024 * 1024)), "stored");
    assertTrue(Template.text(template.variable("ApiFunction", "LONGEST_WAIT")).endsWith("PT5S)"));
    assertTrue(script.contains("WAIT_SECONDS:-5"), "waits");
    int alarms = template.ofType("AWS::CloudWatch::Alarm").size();
    assertTrue(script.contains("\"" + alarms + " alarms,"), "alarms");
    assertTrue(
        script.contains(
            template.properties("IngestFunction").path("MemorySize").asText() + " / 1024"),
        "memory of ingest");
  }

  @Test
  void everyAlarmIsInTheGuideAndTheGuideKnowsNoOther() throws Exception {
    String guide = text("operator.md");
    Set<String> explained =
        guide
            .substring(guide.indexOf("## Alarms"), guide.indexOf("## Redrive"))
            .lines()
            .filter(line -> line.startsWith("| `"))
            .map(line -> line.substring(0, line.indexOf('|', 1)))
            .flatMap(names -> Pattern.compile("`(\\w+)`").matcher(names).results())
            .map((MatchResult name) -> name.group(1) + "Alarm")
            .collect(Collectors.toCollection(TreeSet::new));

    assertEquals(
        new TreeSet<>(Template.read(Template.SOURCE).ofType("AWS::CloudWatch::Alarm")), explained);
  }

  @Test
  void whatTheGuideCallsAParameterOrAnOutputIsOne() throws Exception {
    Template template = Template.read(Template.SOURCE);
    String guide = text("operator.md");
    Pattern.compile("(?:overrides | )([A-Z][a-z]\\w+)=")
        .matcher(guide)
        .results()
        .map(match -> match.group(1))
        .filter(name -> !name.equals("Name"))
        .forEach(name -> assertTrue(template.section("Parameters").has(name), name));
    for (String output :
        List.of(
            "DomainTarget",
            "RedriveCommand",
            "OriginSecretName",
            "ReaderKeysSecretName",
            "DatabaseSecretName")) {
      assertTrue(guide.contains(output), output);
      assertTrue(template.section("Outputs").has(output), output);
    }
  }

  /** They are the server's, not the database's, and the next test makes them again. */
  private static void dropRoles(String admin) {
    PostgresServer.execute(
        admin,
        "DROP OWNED BY hookwell_app, hookwell_migrate CASCADE;"
            + " DROP USER hookwell_app; DROP USER hookwell_migrate;");
  }

  private static String roles() throws Exception {
    Matcher block =
        Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL).matcher(text("operator.md"));
    assertTrue(block.find(), "the guide has no SQL");
    return block.group(1);
  }

  private static String as(String url, String user) {
    return url.replaceFirst("//[^@]*@", "//" + user + "@");
  }

  private static String text(String name) throws Exception {
    return Files.readString(DOCS.resolve(name));
  }

  private static String shell(Map<String, String> variables, String command) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-c", command)
            .directory(Path.of("..").toFile())
            .redirectErrorStream(true);
    builder.environment().putAll(variables);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(30, TimeUnit.SECONDS), command);
    assertEquals(0, process.exitValue(), output);
    return output;
  }
}

package dev.hookwell.local.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.capture.Shows;
import dev.hookwell.local.Deadline;
import dev.hookwell.local.LocalRunner;
import dev.hookwell.local.check.DatabaseCheck.Verdict;
import dev.hookwell.store.PostgresServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code ./run check} on a database that is fit, on some that are not, and stopped half-way. */
final class DatabaseCheckIT {
  private static final String SCHEMAS =
      "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'hookwell%'";

  /** Something happens to each table that the check makes, as soon as it is made. */
  private static final String AFTER_EACH_TABLE =
      """
      CREATE FUNCTION public.meddle() RETURNS event_trigger LANGUAGE plpgsql AS $$
      DECLARE made record;
      BEGIN
        FOR made IN SELECT * FROM pg_event_trigger_ddl_commands() LOOP
          IF made.object_identity LIKE 'hookwell_check%%' THEN %s; END IF;
        END LOOP;
      END $$;
      CREATE EVENT TRIGGER meddle ON ddl_command_end WHEN TAG IN ('CREATE TABLE')
        EXECUTE FUNCTION public.meddle();
      """;

  @RegisterExtension static final PostgresServer POSTGRES = new PostgresServer();

  @TempDir Path folder;

  private record Ran(Verdict verdict, List<String> lines) {}

  @Test
  void aDatabaseThatKeepsItsPromisesIsFitAndWhatWasInItStays() {
    String url = POSTGRES.freshSchema();
    PostgresServer.execute(url, "INSERT INTO schema_history (version, name) VALUES (0, 'mine')");

    Ran ran = check(url);

    assertEquals(Verdict.FIT, ran.verdict(), ran.lines()::toString);
    assertEquals(
        List.of(
            "connect",
            "schema",
            "path",
            "migrate",
            "write",
            "strictly",
            "read",
            "bodies",
            "again",
            "conflict",
            "counts",
            "clean up"),
        ran.lines().stream()
            .filter(line -> line.startsWith("ok "))
            .map(line -> line.substring(8, 18).strip())
            .toList());
    assertEquals("This database is fit for Hookwell.", ran.lines().getLast());
    assertTrue(ran.lines().get(0).contains("PostgreSQL 18"), ran.lines().get(0));
    assertTrue(ran.lines().get(6).contains("1 to 2000"), ran.lines().get(6));
    assertTrue(ran.lines().get(9).contains("40001 1 times"), ran.lines().get(9));
    assertEquals(0, PostgresServer.number(url, SCHEMAS));
    assertEquals(13, PostgresServer.number(url, "SELECT count(*) FROM public.schema_history"));
    assertEquals(0, PostgresServer.number(url, "SELECT count(*) FROM public.captures"));
  }

  @Test
  void aDatabaseThatLosesARowIsNotFitAndIsLeftClean() {
    String url = POSTGRES.freshDatabase();
    PostgresServer.execute(
        url,
        "CREATE FUNCTION public.lose() RETURNS trigger LANGUAGE plpgsql AS"
            + " $$ BEGIN IF NEW.seq = 77 THEN RETURN NULL; END IF; RETURN NEW; END $$;"
            + AFTER_EACH_TABLE.formatted(
                "IF made.object_identity LIKE '%.captures' THEN EXECUTE 'CREATE TRIGGER lose BEFORE"
                    + " INSERT ON ' || made.object_identity || ' FOR EACH ROW EXECUTE FUNCTION"
                    + " public.lose()'; END IF"));

    Ran ran = check(url);

    assertEquals(Verdict.UNFIT, ran.verdict(), ran.lines()::toString);
    assertTrue(ran.lines().stream().anyMatch(line -> line.startsWith("FAILED")), "no step failed");
    assertEquals(0, PostgresServer.number(url, SCHEMAS));
  }

  @Test
  void aStepThatTheServerRefusesIsNamedAndEverythingIsCleanedUp() {
    String url = POSTGRES.freshDatabase();
    PostgresServer.execute(url, AFTER_EACH_TABLE.formatted("RAISE EXCEPTION 'no tables today'"));

    Ran ran = check(url);

    assertEquals(Verdict.UNFIT, ran.verdict());
    assertTrue(
        ran.lines().stream().anyMatch(line -> line.matches("FAILED  migrate .*no tables today.*")),
        ran.lines()::toString);
    assertEquals(0, PostgresServer.number(url, SCHEMAS));
  }

  /** As behind a pooler that drops the settings of a connection's start. */
  @Test
  void whereTheSearchPathIsNotFollowedNothingIsTouched() {
    String url = POSTGRES.freshDatabase();
    PostgresServer.execute(
        url,
        "CREATE FUNCTION public.astray() RETURNS event_trigger LANGUAGE plpgsql AS"
            + " $$ BEGIN PERFORM set_config('search_path', 'public', false); END $$;"
            + " CREATE EVENT TRIGGER astray ON login EXECUTE FUNCTION public.astray();");

    Ran ran = check(url);

    assertEquals(Verdict.NOT_TRIED, ran.verdict(), ran.lines()::toString);
    assertTrue(
        ran.lines().stream().anyMatch(line -> line.matches("FAILED  path .*search_path.*")),
        ran.lines()::toString);
    assertEquals(
        0,
        PostgresServer.number(url, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"));
    assertEquals(0, PostgresServer.number(url, SCHEMAS));
  }

  @Test
  void aRoleThatMayMakeNoSchemaIsToldWhatItLacks() {
    String url = POSTGRES.freshDatabase();
    PostgresServer.execute(url, "CREATE ROLE check_nobody LOGIN");
    try {
      Ran ran =
          check(
              url.replace("postgres@", "check_nobody@")
                  + "&options=-c%20default_transaction_isolation%3Dserializable");

      assertEquals(Verdict.NOT_TRIED, ran.verdict());
      assertTrue(ran.lines().getFirst().endsWith(", serializable"), ran.lines()::toString);
      assertTrue(
          ran.lines().stream()
              .anyMatch(line -> line.matches("FAILED  schema .*GRANT CREATE ON DATABASE.*")),
          ran.lines()::toString);
    } finally {
      PostgresServer.execute(url, "DROP ROLE check_nobody");
    }
  }

  @Test
  void aServerThatDoesNotAnswerIsSaidToRefuse() {
    Ran ran = check("postgresql://nobody:hunter2@127.0.0.1:1/none?sslmode=disable");

    assertEquals(Verdict.NOT_TRIED, ran.verdict());
    assertTrue(ran.lines().getFirst().startsWith("FAILED  connect"), ran.lines()::toString);
    assertTrue(ran.lines().getFirst().contains("refused"), ran.lines()::toString);
    assertTrue(ran.lines().stream().noneMatch(line -> line.contains("hunter2")));
  }

  @ParameterizedTest
  @CsvSource({
    "mysql://u:hunter2@h/d, it has to start with postgresql://",
    "postgresql://u:hunter2@h/d?sslmode=require, only sslmode=verify-full"
  })
  void aWrongUrlEndsWithStatusTwo(String url, String message) throws Exception {
    assertWrong(start(Map.of("HOOKWELL_DATABASE_URL", url), "check"), message);
  }

  @ParameterizedTest
  @CsvSource({
    "--database-url=postgresql://u:hunter2@h/d, --database-url must not hold a password",
    "--weak, unknown option --weak"
  })
  void aWrongLineEndsWithStatusTwo(String argument, String message) throws Exception {
    assertWrong(start(Map.of(), "check", argument), message);
  }

  /** Another program's variable must not make this one write into that program's database. */
  @Test
  @Shows("S42")
  void aVariableWithoutOurPrefixIsNotLookedAt() throws Exception {
    assertWrong(
        start(Map.of("DATABASE_URL", "postgresql://u:hunter2@127.0.0.1:1/d"), "check"),
        "check needs HOOKWELL_DATABASE_URL");
  }

  private void assertWrong(Process process, String message) throws Exception {
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    String printed = printed();
    assertEquals(2, process.exitValue(), printed);
    assertTrue(printed.contains(message), printed);
    assertTrue(!printed.contains("hunter2"), printed);
  }

  @Test
  void stoppedHalfWayItDropsItsSchema() throws Exception {
    String url = POSTGRES.freshDatabase();
    PostgresServer.execute(url, AFTER_EACH_TABLE.formatted("PERFORM pg_sleep(2)"));
    Process process = start(Map.of(), "check", "--allow-weak-tls", "--database-url", url);
    Deadline deadline = Deadline.inSeconds(60);
    while (PostgresServer.number(url, SCHEMAS) == 0) {
      deadline.check("no schema was made: " + printed());
      Thread.sleep(50);
    }

    // Not by Ctrl-C's signal: it is ignored by tests that a shell runs in the background.
    process.destroy();

    assertTrue(process.waitFor(60, TimeUnit.SECONDS), "still running");
    assertEquals(143, process.exitValue(), printed());
    assertEquals(0, PostgresServer.number(url, SCHEMAS), printed());
  }

  private static Ran check(String url) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
      Verdict verdict =
          new DatabaseCheck(url, true, Clock.systemUTC(), new SecureRandom(), out).run();
      return new Ran(verdict, printed.toString(StandardCharsets.UTF_8).lines().toList());
    }
  }

  private Process start(Map<String, String> environment, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LocalRunner.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("printed").toFile());
    builder.environment().putAll(environment);
    return builder.start();
  }

  private String printed() throws Exception {
    return Files.readString(folder.resolve("printed"));
  }
}

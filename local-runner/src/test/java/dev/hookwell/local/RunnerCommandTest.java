package dev.hookwell.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RunnerCommandTest {
  private static final Path DATA = Path.of("data");

  @Test
  void withoutOptionsItStartsOnPort8080() {
    assertEquals(new RunnerCommand.Start(8080, DATA, Optional.empty(), false, false), parse());
  }

  @Test
  void everyOptionIsTakenInBothSpellings() {
    RunnerCommand expected =
        new RunnerCommand.Start(
            9000, Path.of("/x"), Optional.of("postgresql://h/d?sslmode=disable"), true, true);

    assertEquals(
        expected,
        parse(
            "--port",
            "9000",
            "--data",
            "/x",
            "--edge",
            "--allow-weak-tls",
            "--database-url",
            "postgresql://h/d?sslmode=disable"));
    assertEquals(
        expected,
        parse(
            "--port=9000",
            "--data=/x",
            "--edge",
            "--allow-weak-tls",
            "--database-url=postgresql://h/d?sslmode=disable"));
  }

  @Test
  void checkTakesADatabaseAndNothingElse() {
    assertEquals(
        new RunnerCommand.Check("postgresql://u@h/d", false),
        parse("check", "--database-url", "postgresql://u@h/d"));
    assertEquals(
        new RunnerCommand.Check("postgresql://u@h/d", true),
        parse("check", "--database-url=postgresql://u@h/d", "--allow-weak-tls"));
    assertEquals(new RunnerCommand.Help(), parse("check", "--help"));
    assertEquals(new RunnerCommand.Wrong("check needs --database-url"), parse("check"));
    assertEquals(new RunnerCommand.Wrong("check does not take --port"), parse("check", "--port=0"));
    assertEquals(new RunnerCommand.Wrong("check does not take --edge"), parse("check", "--edge"));
    assertEquals(new RunnerCommand.Wrong("unknown option check"), parse("--edge", "check"));
  }

  @Test
  void helpNamesEveryOption() {
    assertEquals(new RunnerCommand.Help(), parse("--port", "1", "--help"));
    for (String option :
        List.of(
            "check",
            "--port",
            "--data",
            "--database-url",
            "--allow-weak-tls",
            "--edge",
            "--help")) {
      assertTrue(RunnerCommand.HELP.contains(option), option);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "--prot, unknown option --prot",
    "8080, unknown option 8080",
    "--port, --port needs a value",
    "--data=, --data needs a value",
    "--port=x, --port must be a number from 0 to 65535",
    "--port=65536, --port must be a number from 0 to 65535",
    "--port=-1, --port must be a number from 0 to 65535"
  })
  void aWrongLineIsExplained(String argument, String message) {
    assertEquals(new RunnerCommand.Wrong(message), parse(argument));
  }

  private static RunnerCommand parse(String... arguments) {
    return RunnerCommand.parse(List.of(arguments), DATA);
  }
}

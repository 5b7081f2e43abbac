package dev.hookwell.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BootstrapTest {
  private static final Bootstrap BOOTSTRAP = new Bootstrap(List.of("app/a.jar", "app/b.jar"));

  @Test
  void theTrainingHasTheWordsOfTheScript() {
    List<String> trained =
        BOOTSTRAP.command(Path.of("/var/task"), "Handler", 1000, List.of("-XX:AOTMode=record"));
    String script = BOOTSTRAP.script();
    for (String word : trained) {
      boolean inScript =
          script.contains(
              word.replace("/var/task", "$LAMBDA_TASK_ROOT")
                  .replace("850m", "$((AWS_LAMBDA_FUNCTION_MEMORY_SIZE * 85 / 100))m")
                  .replace("Handler", "$_HANDLER"));
      assertEquals(!word.startsWith("-XX:AOTMode"), inScript, word);
    }
  }

  /** With {@code AOTMode=on} a cache that does not fit would end every start. */
  @Test
  void theScriptNeverInsistsOnTheCache() {
    assertFalse(BOOTSTRAP.script().contains("AOTMode"));
  }

  /** To be removed with JDK 25.0.5 and later. */
  @Test
  void theCacheHoldsNoMachineCode() {
    assertTrue(
        BOOTSTRAP
            .script()
            .contains("\"-XX:+UnlockDiagnosticVMOptions\" \\\n  \"-XX:-AOTAdapterCaching\""));
  }
}

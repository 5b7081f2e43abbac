package dev.hookwell.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FunctionTemplateTest {
  @Test
  void itIsTheTemplateButForThePackageOfIngest() throws IOException {
    String template = Files.readString(Path.of("../template.yaml"));
    List<String> changed =
        new ArrayList<>(FunctionTemplate.of(template, Platform.LINUX_ARM64).lines().toList());
    int at = changed.indexOf("      CodeUri: distribution/target/ingest-arm64.zip");
    assertEquals("      Runtime: provided.al2023", changed.remove(at + 1));
    assertEquals("      Architectures: [arm64]", changed.remove(at + 1));
    changed.set(at, "      CodeUri: ingest-function/target/ingest-function.jar");
    assertEquals(template.lines().toList(), changed);
  }

  @Test
  void aTemplateWithoutTheJarIsRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> FunctionTemplate.of("Resources:\n", Platform.LINUX_X64));
  }
}

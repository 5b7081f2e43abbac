package dev.hookwell.acceptance.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The one jar that people take away. */
final class ClientJarIT {
  private static final Path JAR = Path.of("../client/target/hookwell.jar");
  private static final long MOST_BYTES = 1_500_000;

  /** Class files of Java 17. */
  private static final int JAVA_17 = 61;

  @BeforeEach
  void isMade() {
    assumeFalse(
        Boolean.getBoolean("hookwell.jars.left.out") && !Files.exists(JAR),
        "no jar was to be made");
  }

  @Test
  void itIsSmall() throws IOException {
    assertTrue(Files.size(JAR) <= MOST_BYTES, Files.size(JAR) + " bytes");
  }

  @Test
  void itHoldsTheClientAndTwoLibrariesForJava17() throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      TreeSet<String> packages = new TreeSet<>();
      for (JarEntry entry : jar.stream().toList()) {
        if (entry.getName().endsWith(".class")) {
          packages.add(entry.getName().split("/", -1)[0]);
          try (DataInputStream in = new DataInputStream(jar.getInputStream(entry))) {
            in.readInt();
            in.readUnsignedShort();
            int version = in.readUnsignedShort();
            assertTrue(version <= JAVA_17, entry.getName() + " is of version " + version);
          }
        }
      }
      assertEquals(new TreeSet<>(List.of("com", "dev", "org", "picocli")), packages);
      assertTrue(jar.stream().allMatch(e -> !e.getName().matches("dev/hookwell/(?!client/).+")));
      assertTrue(jar.getEntry("LICENSE") != null, "no licence");
    }
  }

  /** Nothing of the machine that built it: then everybody's build is the same, byte for byte. */
  @Test
  void itsManifestNamesNoBuild() throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile());
        InputStream in = jar.getInputStream(jar.getEntry("META-INF/MANIFEST.MF"))) {
      assertEquals(
          """
          Manifest-Version: 1.0
          Implementation-Version: 0.1.0
          Main-Class: dev.hookwell.client.command.Hookwell
          """,
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
                  .replace("\r\n", "\n")
                  .stripTrailing()
              + "\n");
      assertEquals(1, jar.stream().map(JarEntry::getTimeLocal).distinct().count(), "times differ");
      // Not as a folder happens to list them.
      List<String> ours =
          jar.stream()
              .map(JarEntry::getName)
              .filter(name -> name.startsWith("dev/hookwell/") && name.endsWith(".class"))
              .toList();
      assertEquals(ours.stream().sorted().toList(), ours);
    }
  }

  @Test
  void itRunsOnJava17() throws Exception {
    Path java17;
    try (Stream<Path> homes = Files.list(Path.of("/usr/lib/jvm"))) {
      java17 =
          homes
              .filter(home -> home.getFileName().toString().matches(".*\\b17\\b.*"))
              .map(home -> home.resolve("bin/java"))
              .filter(Files::isExecutable)
              .findFirst()
              .orElse(Path.of("none"));
    } catch (IOException _) {
      java17 = Path.of("none");
    }
    assumeTrue(Files.exists(java17), "no JDK 17 here");
    Process process =
        new ProcessBuilder(java17.toString(), "-jar", JAR.toString(), "--version")
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertEquals(0, process.waitFor(), said);
    assertEquals("hookwell 0.1.0\n", said);
  }
}

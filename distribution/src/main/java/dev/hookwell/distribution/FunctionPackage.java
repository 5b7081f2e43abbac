package dev.hookwell.distribution;

import dev.hookwell.deployment.functions.LambdaRuntime;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes the package of ingest that starts sooner than its jar: a zip for Lambda's {@code
 * provided.al2023} with a Java of its own, and the JVM's cache of a first request. Makes the
 * template that deploys it, too. Everything but the cache is the same each time that it is made of
 * the same sources.
 */
public final class FunctionPackage {
  /**
   * The modules that ingest and the runtime client use; none of their classes needs more at a
   * start.
   */
  private static final List<String> MODULES =
      List.of(
          "java.base",
          "java.logging",
          "java.naming",
          "java.security.jgss",
          "java.xml",
          "jdk.net",
          "jdk.unsupported");

  /** Files of the linked Java that no function uses. */
  private static final List<String> LEFT_OUT =
      List.of("bin/keytool", "lib/classlist", "lib/jrt-fs.jar", "lib/jexec", "lib/jspawnhelper");

  static final String HANDLER = "dev.hookwell.ingest.IngestHandler";

  private final Path sources;
  private final LocalDateTime time;
  private final Platform platform;
  private final Path folder;

  private FunctionPackage(Path sources, LocalDateTime time, Platform platform) {
    this.sources = sources;
    this.time = time;
    this.platform = platform;
    this.folder = sources.resolve("distribution/target/ingest");
  }

  /** Takes the time of all files and the folder of the sources. */
  public static void main(String[] arguments) throws Exception {
    new FunctionPackage(
            Path.of(arguments[1]).toRealPath(),
            LocalDateTime.ofInstant(Instant.parse(arguments[0]), ZoneOffset.UTC),
            Platform.of(System.getProperty("os.name"), System.getProperty("os.arch")))
        .make();
  }

  private void make() throws Exception {
    Distribution.delete(folder);
    Files.createDirectories(folder.resolve("app"));
    linkJava();
    LambdaRuntime.copyNativeClient(
        LambdaRuntime.clientJars(), folder.resolve(Bootstrap.NATIVE_CLIENT));
    Bootstrap bootstrap = new Bootstrap(copyJars());
    Path script = Files.writeString(folder.resolve("bootstrap"), bootstrap.script());
    Distribution.setRights(script, true);
    // Since JDK 25.0.4 the JVM takes a cache only with jars of the very times that they had.
    Distribution.setTimes(folder, FileTime.from(time.toInstant(ZoneOffset.UTC)));
    FunctionTraining.run(folder, bootstrap);
    Path zip = sources.resolve(FunctionTemplate.zip(platform));
    FunctionZip.write(folder, zip, time);
    Files.writeString(
        sources.resolve("template-cold-start.yaml"),
        FunctionTemplate.of(Files.readString(sources.resolve("template.yaml")), platform));
    System.out.printf("%s: %,d bytes%n", zip, Files.size(zip));
  }

  private void linkJava() throws IOException, InterruptedException {
    Path jre = folder.resolve("jre");
    LinkedJava.link(jre, MODULES);
    for (String file : LEFT_OUT) {
      Files.delete(jre.resolve(file));
    }
  }

  /**
   * Copies the jars, but not into {@code lib}, where the runtime client's own class loader looks.
   */
  private List<String> copyJars() throws IOException {
    List<String> jars = new ArrayList<>();
    try (StoredJar start = new StoredJar(folder.resolve("app/start.jar"), time)) {
      String name = FunctionStart.class.getName().replace('.', '/') + ".class";
      try (InputStream code = FunctionStart.class.getClassLoader().getResourceAsStream(name)) {
        if (code == null) {
          throw new IOException("no class file of " + FunctionStart.class);
        }
        start.add(name, code.readAllBytes());
      }
    }
    jars.add("app/start.jar");
    List<Path> others = new ArrayList<>();
    try (Stream<Path> client = Files.list(LambdaRuntime.clientJars())) {
      client.sorted().forEach(others::add);
    }
    others.add(sources.resolve("ingest-function/target/ingest-function.jar"));
    for (Path jar : others) {
      String name = "app/" + jar.getFileName();
      StoredJar.copy(jar, folder.resolve(name), time);
      jars.add(name);
    }
    return jars;
  }
}

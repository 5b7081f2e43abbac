package dev.hookwell.acceptance.modules;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.hookwell.capture.Shows;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The modules that each module may use, by the design's table, and rules of the code that can be
 * checked in classes.
 */
final class ModuleTableTest {
  private static final String CORE = "dev.hookwell.capture..";
  private static final String BODIES = "dev.hookwell.bodies..";
  private static final String STORE = "dev.hookwell.store..";
  private static final String INTAKE = "dev.hookwell.intake..";
  private static final String SUPPORT = "dev.hookwell.support..";
  private static final String INGEST = "dev.hookwell.ingest..";
  private static final String RESPOND = "dev.hookwell.respond..";
  private static final String PERSIST = "dev.hookwell.persist..";
  private static final String API = "dev.hookwell.api..";
  private static final String LOCAL = "dev.hookwell.local..";
  private static final String CLIENT = "dev.hookwell.client..";
  private static final String[] JDBC = {
    "java.sql..", "javax.sql..", "org.postgresql..", "com.zaxxer.."
  };
  private static final String[] HTTP = {
    "java.net.http..", "com.sun.net.httpserver..", "io.vertx..", "io.netty..", "org.apache.hc.."
  };

  private static final JavaClasses OURS =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("tests.jar"))
          .importPackages("dev.hookwell");

  @Test
  void everyModuleIsLookedAt() {
    Set<String> packages =
        OURS.stream().map(JavaClass::getPackageName).collect(Collectors.toCollection(TreeSet::new));
    assertEquals(
        Set.of(
            "dev.hookwell.capture",
            "dev.hookwell.capture.script",
            "dev.hookwell.bodies",
            "dev.hookwell.intake",
            "dev.hookwell.support",
            "dev.hookwell.respond",
            "dev.hookwell.store",
            "dev.hookwell.ingest",
            "dev.hookwell.persist",
            "dev.hookwell.api",
            "dev.hookwell.api.find",
            "dev.hookwell.web",
            "dev.hookwell.local",
            "dev.hookwell.local.backup",
            "dev.hookwell.local.bodies",
            "dev.hookwell.local.check",
            "dev.hookwell.local.command",
            "dev.hookwell.local.folder",
            "dev.hookwell.local.gateway",
            "dev.hookwell.local.lambda",
            "dev.hookwell.local.machine",
            "dev.hookwell.local.metrics",
            "dev.hookwell.local.postgres",
            "dev.hookwell.local.queue",
            "dev.hookwell.client",
            "dev.hookwell.client.delivery",
            "dev.hookwell.client.listen",
            "dev.hookwell.client.command"),
        packages);
  }

  @Test
  @Shows("S02")
  void coreUsesTheJdkAndJacksonsStreamsOnly() {
    classes()
        .that()
        .resideInAPackage(CORE)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            CORE,
            "java.io..",
            "java.lang..",
            "java.math..",
            "java.nio..",
            "java.security..",
            "java.time..",
            "java.util..",
            "javax.crypto..",
            "com.fasterxml.jackson.core..",
            "org.jspecify..")
        .check(OURS);
  }

  @Test
  void bodyStoreKnowsTheCoreAndS3Only() {
    classes()
        .that()
        .resideInAPackage(BODIES)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            BODIES,
            CORE,
            "java.io..",
            "java.lang..",
            "java.nio..",
            "java.time..",
            "java.util..",
            "org.jspecify..",
            "software.amazon.awssdk.awscore..",
            "software.amazon.awssdk.core..",
            "software.amazon.awssdk.http..",
            "software.amazon.awssdk.retries..",
            "software.amazon.awssdk.services.s3..",
            "software.amazon.awssdk.utils..")
        .check(OURS);
  }

  /** It is loaded for a large body only. */
  @Test
  void onlyTheBodyStoreKnowsS3() {
    noClasses()
        .that()
        .resideOutsideOfPackage(BODIES)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("software.amazon.awssdk.services.s3..")
        .check(OURS);
  }

  @Test
  void theStoreKnowsNeitherLambdaNorHttp() {
    noClasses()
        .that()
        .resideInAPackage(STORE)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            and(
                HTTP,
                "com.amazonaws..",
                "software.amazon..",
                BODIES,
                INTAKE,
                SUPPORT,
                INGEST,
                RESPOND,
                PERSIST,
                API,
                LOCAL))
        .check(OURS);
  }

  @Test
  void intakeKnowsNeitherLambdaNorTheStore() {
    noClasses()
        .that()
        .resideInAPackage(INTAKE)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            and(
                JDBC,
                STORE,
                SUPPORT,
                INGEST,
                RESPOND,
                PERSIST,
                API,
                LOCAL,
                "com.amazonaws..",
                "com.fasterxml.jackson.databind..",
                "software.amazon.awssdk.services.secretsmanager.."))
        .check(OURS);
  }

  @Test
  void whatFunctionsShareTouchesNoQueue() {
    noClasses()
        .that()
        .resideInAPackage(SUPPORT)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            and(
                HTTP,
                INTAKE,
                INGEST,
                RESPOND,
                PERSIST,
                API,
                LOCAL,
                "software.amazon.awssdk.services.sqs.."))
        .check(OURS);
  }

  @Test
  void respondServesNoHttpAndUsesNoOtherFunction() {
    noClasses()
        .that()
        .resideInAPackage(RESPOND)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            and(HTTP, INGEST, PERSIST, API, LOCAL, "com.fasterxml.jackson.databind.."))
        .check(OURS);
  }

  @Test
  @Shows("F38")
  void ingestNeedsTheQueueAndNothingElse() {
    noClasses()
        .that()
        .resideInAPackage(INGEST)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            and(
                JDBC,
                STORE,
                SUPPORT,
                RESPOND,
                PERSIST,
                API,
                LOCAL,
                "com.fasterxml.jackson.databind..",
                "com.amazonaws.services.lambda.runtime.events..",
                "software.amazon.awssdk.services.secretsmanager.."))
        .check(OURS);
  }

  @Test
  void persistTalksToTheDatabaseOnly() {
    noClasses()
        .that()
        .resideInAPackage(PERSIST)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            and(HTTP, INTAKE, INGEST, RESPOND, API, LOCAL, "software.amazon.awssdk.services.sqs.."))
        .check(OURS);
  }

  @Test
  void theApiNeverTouchesTheQueue() {
    noClasses()
        .that()
        .resideInAPackage(API)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            and(
                HTTP,
                INTAKE,
                INGEST,
                RESPOND,
                PERSIST,
                LOCAL,
                "software.amazon.awssdk.services.sqs.."))
        .check(OURS);
  }

  /** It runs on other people's machines, where the server's classes are not. */
  @Test
  void theClientUsesTheJdkJacksonsStreamsAndPicocliOnly() {
    classes()
        .that()
        .resideInAPackage(CLIENT)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            CLIENT,
            "java..",
            "javax.net..",
            "com.fasterxml.jackson.core..",
            "picocli..",
            "org.jspecify..")
        .check(OURS);
    noClasses()
        .that()
        .resideOutsideOfPackage(CLIENT)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(CLIENT)
        .check(OURS);
  }

  /** The client does, on its user's machine; nothing on a server. */
  @Test
  @Shows("S19")
  void nothingOfOursFetchesAnything() {
    noClasses()
        .that()
        .resideOutsideOfPackages(LOCAL, CLIENT)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.net.http..")
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching("java\\.net\\.(Http)?URL(Connection)?|java\\.net\\.Socket")
        .check(OURS);
  }

  @Test
  void timeIsAParameter() {
    noClasses()
        .that()
        .resideInAnyPackage(CORE, BODIES, STORE, INTAKE, SUPPORT, INGEST, RESPOND, PERSIST, API)
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .check(OURS);
  }

  @Test
  void theEnvironmentIsReadByHandlersOnly() {
    noClasses()
        .that()
        .resideInAnyPackage(CORE, BODIES, STORE, INTAKE, SUPPORT, INGEST, RESPOND, PERSIST, API)
        .and()
        .haveSimpleNameNotEndingWith("Handler")
        .should()
        .callMethod(System.class, "getenv")
        .check(OURS);
  }

  @Test
  @Shows({"F54", "S07"})
  void noIdKeyOrRandomValueIsMadeWhileAClassOrAHandlerIsMade() {
    noClasses()
        .that()
        .resideInAnyPackage(CORE, BODIES, STORE, INTAKE, SUPPORT, INGEST, RESPOND, PERSIST, API)
        .should()
        .callCodeUnitWhere(
            describe("drawn in a constructor or initialiser", ModuleTableTest::drawnAtStart))
        .check(OURS);
  }

  /** They compare with MessageDigest.isEqual, which takes the same time for all values. */
  @Test
  @Shows("S05")
  void whatHoldsASecretIsNeverComparedByEquals() {
    noClasses()
        .that()
        .haveSimpleName("HookKeys")
        .or()
        .haveSimpleName("ReaderKeys")
        .or()
        .haveSimpleName("KeyRing")
        .or()
        .haveSimpleName("MacKey")
        .or()
        .haveSimpleName("SeedKey")
        .or()
        .haveSimpleName("OriginSecrets")
        .or()
        .haveSimpleName("Guard")
        .should()
        .callCodeUnitWhere(
            describe(
                "compares",
                call ->
                    Set.of("equals", "equalsIgnoreCase", "contentEquals", "compareTo", "compare")
                        .contains(call.getName())))
        .orShould()
        .callMethod(List.class, "contains", Object.class)
        .check(OURS);
  }

  private static boolean drawnAtStart(JavaCall<?> call) {
    boolean atStart =
        call.getOrigin().isConstructor() || call.getOrigin().getName().equals("<clinit>");
    JavaClass owner = call.getTargetOwner();
    boolean draws =
        (owner.isAssignableTo(RandomGenerator.class) && call.getName().startsWith("next"))
            || (owner.isEquivalentTo(UUID.class) && call.getName().equals("randomUUID"));
    return atStart && draws;
  }

  private static String[] and(String[] some, String... more) {
    String[] all = new String[some.length + more.length];
    System.arraycopy(some, 0, all, 0, some.length);
    System.arraycopy(more, 0, all, some.length, more.length);
    return all;
  }
}

package dev.hookwell.persist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.hookwell.capture.EventLog;
import dev.hookwell.capture.Shows;
import dev.hookwell.store.Database;
import dev.hookwell.store.Migrations;
import dev.hookwell.store.PostgresServer;
import dev.hookwell.store.Stores;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The custom resource, against a server that receives its responses in CloudFormation's place. */
final class MigrationHandlerIT {
  @RegisterExtension static final PostgresServer POSTGRES = new PostgresServer();

  private final List<String> answers = new CopyOnWriteArrayList<>();
  private final List<String> log = new ArrayList<>();
  private final String url = POSTGRES.freshDatabase();
  private HttpServer cloudFormation;

  @BeforeEach
  void listen() throws IOException {
    cloudFormation =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    cloudFormation.createContext(
        "/",
        exchange -> {
          answers.add(
              exchange.getRequestMethod()
                  + " "
                  + exchange.getRequestURI()
                  + " "
                  + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          boolean expired = exchange.getRequestURI().getPath().equals("/expired");
          exchange.sendResponseHeaders(expired ? 403 : 200, -1);
          exchange.close();
        });
    cloudFormation.start();
  }

  @AfterEach
  void stop() {
    cloudFormation.stop(0);
  }

  @Test
  void creatingBringsTheSchemaAndSaysSo() throws IOException {
    handle(url, "Create", "/signed?X=1");

    assertEquals(
        List.of(
            "PUT /signed?X=1 {\"Status\":\"SUCCESS\",\"PhysicalResourceId\":\"hookwell-schema\","
                + "\"StackId\":\"stack-1\",\"RequestId\":\"request-1\",\"LogicalResourceId\":\"Schema\"}"),
        answers);
    assertEquals(0, PostgresServer.number(url, "SELECT count(*) FROM captures"));
  }

  @Test
  @Shows("F50")
  void updatingOnceMoreChangesNothing() throws IOException {
    handle(url, "Create", "/a");
    handle(url, "Update", "/b");

    assertEquals(2, answers.size());
    assertTrue(answers.stream().allMatch(answer -> answer.contains("SUCCESS")), answers.toString());
    assertTrue(log.getLast().contains("\"changes\":0"), log.getLast());
  }

  @Test
  @Shows("F50")
  void deletingLeavesTheDataAlone() throws IOException {
    handle(url, "Create", "/a");
    PostgresServer.execute(url, "INSERT INTO schema_history (version, name) VALUES (999, 'mine')");

    handle(url, "Delete", "/b");

    assertTrue(answers.getLast().contains("SUCCESS"));
    assertEquals(
        1, PostgresServer.number(url, "SELECT count(*) FROM schema_history WHERE version = 999"));
  }

  @Test
  @Shows({"F49", "S30"})
  void aFailureIsToldWithItsCodeAndWithoutSecrets() throws IOException {
    handle("postgresql://hunter2user@127.0.0.1:1/d?sslmode=disable", "Create", "/a");

    assertTrue(answers.getLast().contains("\"Status\":\"FAILED\""), answers.getLast());
    assertTrue(answers.getLast().contains("SQLSTATE"), answers.getLast());
    assertTrue(answers.getLast().length() < 4096);
    assertFalse((answers + " " + log).contains("hunter2"), answers + " " + log);
  }

  @Test
  void anAnswerThatIsNotTakenFailsTheInvocation() {
    assertThrows(IOException.class, () -> handle(url, "Create", "/expired"));
  }

  @Test
  void somethingElseThanAnEventFailsTheInvocation() {
    assertThrows(IOException.class, () -> handle(url, new ByteArrayInputStream(new byte[0])));
    assertThrows(
        IOException.class,
        () -> handle(url, new ByteArrayInputStream("{}".getBytes(StandardCharsets.UTF_8))));
  }

  private void handle(String databaseUrl, String type, String path) throws IOException {
    String event =
        """
        {"RequestType":"%s","ResponseURL":"http://127.0.0.1:%d%s","StackId":"stack-1",
         "RequestId":"request-1","LogicalResourceId":"Schema","ResourceType":"Custom::Schema",
         "ResourceProperties":{"ServiceToken":"arn","SchemaHash":"abc"}}
        """
            .formatted(type, cloudFormation.getAddress().getPort(), path);
    handle(databaseUrl, new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)));
  }

  private void handle(String databaseUrl, InputStream event) throws IOException {
    Clock clock = Clock.systemUTC();
    try (Database database = Stores.open(databaseUrl, 1)) {
      new MigrationHandler(
              new Migrations(
                  database,
                  Migrations.Settings.DEFAULT,
                  clock,
                  Stores.retries(clock),
                  UUID::randomUUID),
              new EventLog(log::add, clock))
          .handle(event);
    }
  }
}

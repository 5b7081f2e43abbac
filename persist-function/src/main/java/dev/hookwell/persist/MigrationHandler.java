package dev.hookwell.persist;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.hookwell.capture.ConfigurationException;
import dev.hookwell.capture.Environment;
import dev.hookwell.capture.EventLog;
import dev.hookwell.store.Database;
import dev.hookwell.store.Migrations;
import dev.hookwell.store.Retries;
import dev.hookwell.store.StoreUnavailableException;
import dev.hookwell.support.FunctionDatabase;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

/**
 * The stack's custom resource: brings the schema up to date at every deployment that changes it. It
 * always answers, or the stack would wait for an hour. Deleting the resource touches no data.
 */
public final class MigrationHandler implements RequestStreamHandler {
  private final Migrations migrations;
  private final EventLog log;

  /** For Lambda: everything from the environment. */
  public MigrationHandler() {
    this(new Environment(System.getenv()), Clock.systemUTC());
  }

  private MigrationHandler(Environment environment, Clock clock) {
    this(
        new Migrations(
            FunctionDatabase.open(
                environment, Database.Settings.forMigrations("hookwell-migrate"), clock),
            Migrations.Settings.DEFAULT,
            clock,
            new Retries(clock, new SecureRandom(), Thread::sleep),
            UUID::randomUUID),
        new EventLog(System.out::println, clock));
  }

  public MigrationHandler(Migrations migrations, EventLog log) {
    this.migrations = migrations;
    this.log = log;
  }

  @Override
  public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
    handle(in);
  }

  void handle(InputStream in) throws IOException {
    StackEvent event = StackEvent.read(in);
    put(event.responseUrl(), answer(event));
  }

  private byte[] answer(StackEvent event) {
    if (event.type().equals("Delete")) {
      log.info("migration.left-alone", Map.of("request", event.requestId()));
      return event.success();
    }
    try {
      int changes = migrations.run();
      log.info("migration.done", Map.of("request", event.requestId(), "changes", changes));
      return event.success();
    } catch (Exception e) {
      log.error("migration.failed", Map.of("request", event.requestId()), e);
      return event.failure(reason(e));
    }
  }

  /** Our own words, and the database's SQLSTATE: the driver's message may quote data. */
  private static String reason(Exception failure) {
    StringBuilder reason = new StringBuilder("The schema could not be brought up to date: ");
    boolean ours =
        failure instanceof StoreUnavailableException || failure instanceof ConfigurationException;
    reason.append(ours ? failure.getMessage() : failure.getClass().getSimpleName());
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && sql.getSQLState() != null) {
        reason.append(" (SQLSTATE ").append(sql.getSQLState()).append(')');
        break;
      }
    }
    return reason.append(". See the log of the migration function.").toString();
  }

  /** Puts the response to a URL that CloudFormation signed, which allows no content type. */
  private static void put(URI url, byte[] answer) throws IOException {
    try (SdkHttpClient http = UrlConnectionHttpClient.create()) {
      SdkHttpFullRequest request =
          SdkHttpFullRequest.builder()
              .method(SdkHttpMethod.PUT)
              .uri(url)
              .putHeader("Content-Length", String.valueOf(answer.length))
              .putHeader("Content-Type", "")
              .contentStreamProvider(() -> new ByteArrayInputStream(answer))
              .build();
      HttpExecuteResponse response =
          http.prepareRequest(
                  HttpExecuteRequest.builder()
                      .request(request)
                      .contentStreamProvider(request.contentStreamProvider().orElseThrow())
                      .build())
              .call();
      if (!response.httpResponse().isSuccessful()) {
        throw new IOException("CloudFormation answered " + response.httpResponse().statusCode());
      }
    }
  }
}

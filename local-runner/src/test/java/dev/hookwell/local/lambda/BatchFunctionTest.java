package dev.hookwell.local.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BatchFunctionTest {
  private static final byte[] EVENT =
      """
      {"Records":[{"messageId":"m-1","receiptHandle":"r-1","body":"{\\"v\\":1}","attributes":\
      {"ApproximateReceiveCount":"3"},"messageAttributes":{"k":{"stringValue":"s",\
      "stringListValues":[],"binaryListValues":[],"dataType":"String"}},"md5OfBody":"5","eventSource":\
      "aws:sqs","eventSourceARN":"arn:aws:sqs:eu-west-1:1:q","awsRegion":"eu-west-1"}]}\
      """
          .getBytes(UTF_8);

  @Test
  void handlerGetsTheRecordsAndItsFailuresComeBack() throws Exception {
    List<SQSEvent.SQSMessage> seen = new ArrayList<>();
    Set<String> failed =
        function(
                (event, _) -> {
                  seen.addAll(event.getRecords());
                  return new SQSBatchResponse(
                      List.of(new BatchItemFailure("m-1"), new BatchItemFailure("m-2")));
                })
            .invoke(EVENT);
    assertEquals(Set.of("m-1", "m-2"), failed);
    SQSEvent.SQSMessage message = seen.getFirst();
    assertEquals("m-1", message.getMessageId());
    assertEquals("r-1", message.getReceiptHandle());
    assertEquals("{\"v\":1}", message.getBody());
    assertEquals("3", message.getAttributes().get("ApproximateReceiveCount"));
    assertEquals(
        List.of("s"),
        message.getMessageAttributes().values().stream()
            .map(SQSEvent.MessageAttribute::getStringValue)
            .toList());
    assertEquals("5", message.getMd5OfBody());
    assertEquals("aws:sqs", message.getEventSource());
    assertEquals("arn:aws:sqs:eu-west-1:1:q", message.getEventSourceArn());
    assertEquals("eu-west-1", message.getAwsRegion());
  }

  /**
   * Lambda takes a null for success, so a handler that returns one loses messages here as there.
   */
  @Test
  @NullUnmarked
  void nullResponseAndNullListMeanThatAllWentWell() throws Exception {
    assertEquals(Set.of(), function((_, _) -> null).invoke(EVENT));
    assertEquals(Set.of(), function((_, _) -> new SQSBatchResponse(null)).invoke(EVENT));
    assertEquals(Set.of(), function((_, _) -> new SQSBatchResponse(List.of())).invoke(EVENT));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"null", "{}", "{\"batchItemFailures\":null}", "{\"batchItemFailures\":[]}", "[]"})
  void responseWithoutFailuresMeansThatAllWentWell(String response) throws IOException {
    assertEquals(Set.of(), BatchFunction.failures(response));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"batchItemFailures\":[{\"itemIdentifier\":\"\"}]}",
        "{\"batchItemFailures\":[{\"itemIdentifier\":null}]}",
        "{\"batchItemFailures\":[{\"id\":\"m-1\"}]}",
        "{\"batchItemFailures\":[7]}"
      })
  void itemWithoutAnIdentifierNamesNothing(String response) throws IOException {
    assertEquals(Set.of(""), BatchFunction.failures(response));
  }

  @Test
  void exceptionOfTheHandlerIsPassedOn() {
    assertThrows(
        ArithmeticException.class,
        () ->
            function(
                    (_, _) -> {
                      throw new ArithmeticException("out of bounds");
                    })
                .invoke(EVENT));
  }

  private static BatchFunction function(RequestHandler<SQSEvent, SQSBatchResponse> handler) {
    return new BatchFunction("persist", handler, Clock.systemUTC(), Duration.ofSeconds(10));
  }
}

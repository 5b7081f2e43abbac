package dev.hookwell.local.queue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SqsEventWriterTest {
  @Test
  void eventIsThatOfLambda() {
    QueueMessage message =
        new QueueMessage(
            "m-1",
            "r-1",
            "00000000-0000-0000-0000-00000000000a",
            "{\"v\":1}",
            2,
            Instant.parse("2026-11-24T10:00:00.123Z"),
            Instant.parse("2026-11-24T10:00:01.456Z"));
    assertEquals(
        """
        {"Records":[{"messageId":"m-1","receiptHandle":"r-1","body":"{\\"v\\":1}",\
        "attributes":{"ApproximateReceiveCount":"2","SentTimestamp":"1795514400123",\
        "SenderId":"local","MessageGroupId":"00000000-0000-0000-0000-00000000000a",\
        "ApproximateFirstReceiveTimestamp":"1795514401456"},\
        "messageAttributes":{},"md5OfBody":"a191475ae2bf7db9c7e320f7da455bbb","eventSource":"aws:sqs",\
        "eventSourceARN":"arn:aws:sqs:us-east-1:000000000000:hookwell-captures",\
        "awsRegion":"us-east-1"}]}\
        """,
        new String(new SqsEventWriter().write(List.of(message)), UTF_8));
  }
}

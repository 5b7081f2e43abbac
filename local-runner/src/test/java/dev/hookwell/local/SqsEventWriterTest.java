package dev.hookwell.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

final class SqsEventWriterTest {
  @Test
  void eventIsThatOfLambda() {
    Message message =
        Message.builder()
            .messageId("m-1")
            .receiptHandle("r-1")
            .body("{\"v\":1}")
            .md5OfBody("d41d")
            .attributes(Map.of(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "2"))
            .messageAttributes(
                Map.of(
                    "blob",
                    MessageAttributeValue.builder()
                        .dataType("Binary")
                        .binaryValue(SdkBytes.fromByteArray(new byte[] {0, -1}))
                        .build()))
            .build();
    assertEquals(
        """
        {"Records":[{"messageId":"m-1","receiptHandle":"r-1","body":"{\\"v\\":1}",\
        "attributes":{"ApproximateReceiveCount":"2"},\
        "messageAttributes":{"blob":{"binaryValue":"AP8=","stringListValues":[],"binaryListValues":[],\
        "dataType":"Binary"}},"md5OfBody":"d41d","eventSource":"aws:sqs",\
        "eventSourceARN":"arn:aws:sqs:us-east-1:000000000000:q","awsRegion":"us-east-1"}]}\
        """,
        new String(
            new SqsEventWriter("arn:aws:sqs:us-east-1:000000000000:q").write(List.of(message)),
            UTF_8));
  }
}

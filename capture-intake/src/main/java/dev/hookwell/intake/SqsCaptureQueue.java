package dev.hookwell.intake;

import dev.hookwell.capture.Envelope;
import java.time.Duration;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.SqsClientBuilder;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;

/**
 * The queue in SQS: one capture is one message. The messages of a hook are a group. While one hook
 * has more messages in flight than its share, a standard queue delivers those of other hooks first
 * (SQS calls that fair queues). The client compares the checksum in SQS's response with its own; a
 * difference is a failure, which is retried.
 */
public final class SqsCaptureQueue implements CaptureQueue {
  private static final int ATTEMPTS = 3;
  private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(1);

  /** Below the 6 s of the function, so that a sender gets our 503 and not the gateway's. */
  private static final Duration TOTAL_TIMEOUT = Duration.ofMillis(2500);

  private final SqsClient sqs;
  private final String queueUrl;

  public SqsCaptureQueue(SqsClient sqs, String queueUrl) {
    this.sqs = sqs;
    this.queueUrl = queueUrl;
  }

  /** A client builder with the attempts and timeouts of a sender who waits. */
  public static SqsClientBuilder clientBuilder(int maxConnections) {
    return SqsClient.builder()
        .httpClientBuilder(httpClientBuilder(maxConnections))
        .overrideConfiguration(o ->
            o.apiCallAttemptTimeout(ATTEMPT_TIMEOUT)
                .apiCallTimeout(TOTAL_TIMEOUT)
                .retryStrategy(r -> r.maxAttempts(ATTEMPTS)));
  }

  /** The HTTP client of {@link #clientBuilder}. */
  public static Apache5HttpClient.Builder httpClientBuilder(int maxConnections) {
    return Apache5HttpClient.builder()
        .maxConnections(maxConnections)
        .connectionTimeout(ATTEMPT_TIMEOUT)
        .socketTimeout(ATTEMPT_TIMEOUT);
  }

  @Override
  public Sent send(Envelope envelope) {
    SendMessageRequest request =
        SendMessageRequest.builder()
            .queueUrl(queueUrl)
            .messageBody(envelope.text())
            .messageGroupId(group(envelope))
            .build();
    try {
      sqs.sendMessage(request);
      return new Sent.Kept();
    } catch (RuntimeException e) {
      return new Sent.NotKept(cause(e));
    }
  }

  /** The hook's uid, of which no URL can be made: SQS does not encrypt a group's name. */
  private static String group(Envelope envelope) {
    return envelope.capture().hook().uid().toString();
  }

  private static String cause(RuntimeException failure) {
    return switch (failure) {
      case AwsServiceException e when e.awsErrorDetails() == null -> "status-" + e.statusCode();
      case AwsServiceException e -> String.valueOf(e.awsErrorDetails().errorCode());
      case ApiCallTimeoutException e -> "timeout";
      case ApiCallAttemptTimeoutException e -> "timeout";
      // The client's own exceptions, and those of a closed or broken client.
      case RuntimeException e -> e.getClass().getSimpleName();
    };
  }
}

package dev.hookwell.acceptance.faults;

import dev.hookwell.local.Deadline;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

/** A real client of a real queue that reports a failure, before or after it really sent. */
final class FaultySqs implements SqsClient {
  private final SqsClient real;
  private final AtomicReference<Fault> next = new AtomicReference<>(Fault.NONE);
  private final AtomicInteger underWay = new AtomicInteger();

  enum Fault {
    NONE,
    BEFORE,
    AFTER
  }

  FaultySqs(SqsClient real) {
    this.real = real;
  }

  /** Sets the fault of the next send; those after it work. */
  void failNext(Fault fault) {
    next.set(fault);
  }

  void awaitNoneUnderWay() throws InterruptedException {
    Deadline deadline = Deadline.inSeconds(60);
    while (underWay.get() > 0) {
      deadline.check("a send does not end");
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  @Override
  public SendMessageResponse sendMessage(SendMessageRequest request) {
    underWay.incrementAndGet();
    try {
      return send(request);
    } finally {
      underWay.decrementAndGet();
    }
  }

  private SendMessageResponse send(SendMessageRequest request) {
    Fault fault = next.getAndSet(Fault.NONE);
    if (fault == Fault.BEFORE) {
      throw SdkClientException.create("failed before it was sent");
    }
    SendMessageResponse response = real.sendMessage(request);
    if (fault == Fault.AFTER) {
      throw SdkClientException.create("failed after it was sent");
    }
    return response;
  }

  @Override
  public String serviceName() {
    return real.serviceName();
  }

  @Override
  public void close() {
    real.close();
  }
}

package dev.hookwell.local;

import org.elasticmq.Limit;
import org.elasticmq.Limits;
import org.elasticmq.NoLimit$;
import org.elasticmq.RangeLimit;
import org.elasticmq.StrictSQSLimits;
import scala.collection.immutable.List;
import scala.math.BigDecimal;

/**
 * SQS's limits, but for one: which characters a message may hold is not looked at. An envelope is
 * printable ASCII, and ElasticMQ's look at each character took a quarter of its time.
 */
final class CaptureLimits implements Limits {
  @Override
  @SuppressWarnings({"unchecked", "rawtypes"}) // Scala's NoLimit is a limit of nothing.
  public Limit<List<RangeLimit<Object>>> bodyValidCharactersLimit() {
    return (Limit) NoLimit$.MODULE$;
  }

  @Override
  public Limit<Object> queueNameLengthLimit() {
    return StrictSQSLimits.queueNameLengthLimit();
  }

  @Override
  public Limit<Object> batchSizeLimit() {
    return StrictSQSLimits.batchSizeLimit();
  }

  @Override
  public Limit<RangeLimit<Object>> numberOfMessagesLimit() {
    return StrictSQSLimits.numberOfMessagesLimit();
  }

  @Override
  public Limit<Object> nonEmptyAttributesLimit() {
    return StrictSQSLimits.nonEmptyAttributesLimit();
  }

  @Override
  public Limit<RangeLimit<BigDecimal>> numberAttributeValueLimit() {
    return StrictSQSLimits.numberAttributeValueLimit();
  }

  @Override
  public Limit<RangeLimit<Object>> messageWaitTimeLimit() {
    return StrictSQSLimits.messageWaitTimeLimit();
  }

  @Override
  public Limit<Object> maxMessageLength() {
    return StrictSQSLimits.maxMessageLength();
  }

  @Override
  public Limit<Object> messageAttributesLimit() {
    return StrictSQSLimits.messageAttributesLimit();
  }
}

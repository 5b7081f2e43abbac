package dev.hookwell.benchmarks;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import org.jspecify.annotations.Nullable;

/**
 * An invocation's context.
 *
 * @param millis the time that is left, for ever
 */
record Invocation(int millis) implements Context {
  @Override
  public String getAwsRequestId() {
    return "9f9cd3d2-5b1f-4d3c-8c5e-6f1b3f5f3b1a";
  }

  @Override
  public String getLogGroupName() {
    return "/aws/lambda/hookwell";
  }

  @Override
  public String getLogStreamName() {
    return "benchmarks";
  }

  @Override
  public String getFunctionName() {
    return "hookwell";
  }

  @Override
  public String getFunctionVersion() {
    return "$LATEST";
  }

  @Override
  public String getInvokedFunctionArn() {
    return "arn:aws:lambda:us-east-1:000000000000:function:hookwell";
  }

  @Override
  public @Nullable CognitoIdentity getIdentity() {
    return null;
  }

  @Override
  public @Nullable ClientContext getClientContext() {
    return null;
  }

  @Override
  public int getRemainingTimeInMillis() {
    return millis;
  }

  @Override
  public int getMemoryLimitInMB() {
    return 1024;
  }

  @Override
  public LambdaLogger getLogger() {
    throw new UnsupportedOperationException("functions log by themselves");
  }
}

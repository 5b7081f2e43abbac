package dev.hookwell.acceptance.page;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives a test a {@link Visitor} of its own, and fails it afterwards if its pages did anything that
 * no page may do. The system and the browser live until the last test that uses them.
 */
final class OnThePage implements ExecutionCondition, ParameterResolver, AfterTestExecutionCallback {
  private static final ExtensionContext.Namespace SHELF =
      ExtensionContext.Namespace.create(OnThePage.class);

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return executable().isPresent()
        ? ConditionEvaluationResult.enabled("there is a Chromium")
        : ConditionEvaluationResult.disabled("no Chromium is installed");
  }

  static Optional<Path> executable() {
    return Chromium.find(System.getenv());
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Visitor.class;
  }

  @Override
  public Visitor resolveParameter(ParameterContext parameter, ExtensionContext context) {
    PageStage stage =
        context
            .getRoot()
            .getStore(SHELF)
            .computeIfAbsent(
                PageStage.class, _ -> PageStage.open(executable().orElseThrow()), PageStage.class);
    return context
        .getStore(SHELF)
        .computeIfAbsent(Visitor.class, _ -> new Visitor(stage), Visitor.class);
  }

  @Override
  public void afterTestExecution(ExtensionContext context) {
    Visitor visitor = context.getStore(SHELF).get(Visitor.class, Visitor.class);
    if (visitor != null && context.getExecutionException().isEmpty()) {
      visitor.assertNothingForbiddenHappened();
    }
  }

  static void tellWhenNothingIsTested() {
    if (executable().isEmpty()) {
      System.out.println(
          "Hookwell's page was NOT tested: install Chromium, or name one in CHROMIUM.");
    }
  }
}

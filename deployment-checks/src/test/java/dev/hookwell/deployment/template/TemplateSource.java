package dev.hookwell.deployment.template;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives a test class the repository's template. It takes it in its constructor, so that {@link
 * TemplateMutationIT} can give it another one.
 */
final class TemplateSource implements ParameterResolver {
  private static final Template OURS = Template.read(Template.SOURCE);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext extension) {
    return parameter.getParameter().getType() == Template.class;
  }

  @Override
  public Template resolveParameter(ParameterContext parameter, ExtensionContext extension) {
    return OURS;
  }
}

package dev.hookwell.deployment.template;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Everything that the build checks in {@code template.yaml} without AWS's tools, on any template.
 */
final class TemplateChecks {
  private static final List<Class<?>> CLASSES =
      List.of(
          // The quick ones first.
          TemplateShapeTest.class,
          TemplateAlarmsTest.class,
          TemplateTest.class,
          TemplateSecurityTest.class,
          TemplateVersionsTest.class);

  private final List<Method> checks = new ArrayList<>();

  TemplateChecks() {
    for (Class<?> type : CLASSES) {
      Arrays.stream(type.getDeclaredMethods())
          .filter(method -> method.isAnnotationPresent(Test.class))
          .sorted(Comparator.comparing(Method::getName))
          .forEach(checks::add);
    }
  }

  /** The name of the first check that a template fails, or nothing. */
  String failing(Template template) {
    for (Method check : checks) {
      try {
        Constructor<?> constructor =
            check.getDeclaringClass().getDeclaredConstructor(Template.class);
        check.invoke(constructor.newInstance(template));
      } catch (InvocationTargetException e) {
        return check.getDeclaringClass().getSimpleName() + "." + check.getName();
      } catch (ReflectiveOperationException e) {
        throw new LinkageError(check.toString(), e);
      }
    }
    return "";
  }
}

package dev.hookwell.capture;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The rows of {@code SECURITY.md}, {@code docs/hostile-inputs.md} and {@code docs/reliability.md}
 * that a test shows. The build fails for a row without a test, and for a test of no row.
 */
@Documented
@Retention(RetentionPolicy.SOURCE)
@Target(ElementType.METHOD)
public @interface Shows {
  /** {@code F12}, {@code H51} or {@code S16b}. */
  String[] value();
}

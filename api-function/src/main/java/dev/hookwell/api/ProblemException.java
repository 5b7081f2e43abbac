package dev.hookwell.api;

import dev.hookwell.capture.Problem;
import dev.hookwell.capture.ProblemType;

/** Ends a call with a problem document for the caller. */
final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  ProblemException(Problem problem) {
    super(problem.type().slug(), null, false, false);
    this.problem = problem;
  }

  ProblemException(ProblemType type, String detail) {
    this(Problem.of(type, detail));
  }

  /** A parameter or member is wrong; the document names it. */
  static ProblemException parameter(String name, String detail) {
    return new ProblemException(
        Problem.of(ProblemType.BAD_PARAMETER, detail).with("parameter", name));
  }

  Problem problem() {
    return problem;
  }
}

package dev.hookwell.client.command;

import dev.hookwell.client.Failure;

/** Ends a command with one line for a person, and an exit code for a program. */
final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1;
  final ExitCode code;

  CommandException(ExitCode code, String message) {
    super(message);
    this.code = code;
  }

  static CommandException of(Failure failure) {
    ExitCode code =
        switch (failure.kind()) {
          case DENIED, MISSING -> ExitCode.DENIED;
          case DAMAGED, REJECTED, UNAVAILABLE, UNREACHABLE -> ExitCode.RUNTIME;
        };
    return new CommandException(code, failure.message());
  }

  static CommandException usage(String message) {
    return new CommandException(ExitCode.USAGE, message);
  }
}

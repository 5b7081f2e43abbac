package dev.hookwell.client.command;

/** The exit code of a command; documented in docs/client.md. */
enum ExitCode {
  OK(0),
  RUNTIME(1),
  USAGE(2),
  DENIED(3),
  NOTHING_CAME(4);

  final int number;

  ExitCode(int number) {
    this.number = number;
  }
}

package dev.hookwell.local.command;

import java.util.Locale;

/**
 * An option of the command line, which is a variable of the environment as well: {@code
 * --public-url} is {@code HOOKWELL_PUBLIC_URL}.
 */
enum RunnerOption {
  PORT(Kind.VALUE),
  HOST(Kind.LIST),
  PUBLIC_URL(Kind.VALUE),
  TRUSTED_PROXY(Kind.LIST),
  CREATION_KEY_FILE(Kind.VALUE),
  ALLOW_HTTP(Kind.SWITCH),
  METRICS_PORT(Kind.VALUE),
  DATA(Kind.VALUE),
  LOG(Kind.VALUE),
  DATABASE_URL(Kind.VALUE),
  DATABASE_URL_FILE(Kind.VALUE),
  ALLOW_WEAK_TLS(Kind.SWITCH),
  ALLOW_ORIGIN(Kind.LIST),
  EDGE(Kind.SWITCH),
  PAGE(Kind.VALUE);

  /** The values that an option takes. */
  enum Kind {
    /** Nothing; its variable is {@code true} or {@code false}. */
    SWITCH,
    /** One value. */
    VALUE,
    /** One value each time that the option is given; its variable has commas between them. */
    LIST
  }

  private final Kind kind;

  RunnerOption(Kind kind) {
    this.kind = kind;
  }

  Kind kind() {
    return kind;
  }

  /** Its name on the command line. */
  String flag() {
    return "--" + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Its name in the environment. */
  String variable() {
    return "HOOKWELL_" + name();
  }
}

package dev.hookwell.client.command;

import java.util.Optional;

/** Which client this is. */
final class Version {
  /** From the jar's manifest; its version is its server's. */
  static final String TEXT =
      Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
          .orElse("development");

  private Version() {}
}

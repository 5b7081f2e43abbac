package dev.hookwell.client.command;

import java.util.Optional;

/** The client's version. */
final class Version {
  /** From the jar's manifest. Client and server have the same version. */
  static final String TEXT =
      Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
          .orElse("development");

  private Version() {}
}

package dev.hookwell.distribution;

/**
 * A kind of machine that an archive is for. The Java in it is linked from the one that builds, so
 * each is built on a machine of its kind. The tests have run {@link #LINUX_X64} alone.
 */
enum Platform {
  LINUX_X64("linux-x64", "linux-x86_64"),
  LINUX_ARM64("linux-arm64", "linux-arm_64"),
  MACOS_X64("macos-x64", "darwin-x86_64"),
  MACOS_ARM64("macos-arm64", "darwin-arm_64");

  private final String text;
  private final String postgres;

  Platform(String text, String postgres) {
    this.text = text;
    this.postgres = postgres;
  }

  /**
   * The one of this machine.
   *
   * @param system as the property {@code os.name} has it
   * @param processor as {@code os.arch} has it
   */
  static Platform of(String system, String processor) {
    boolean isArm = processor.equals("aarch64");
    if (!isArm && !processor.equals("amd64") && !processor.equals("x86_64")) {
      throw new IllegalArgumentException("no distribution for the processor " + processor);
    }
    if (system.equals("Linux")) {
      return isArm ? LINUX_ARM64 : LINUX_X64;
    }
    if (system.startsWith("Mac")) {
      return isArm ? MACOS_ARM64 : MACOS_X64;
    }
    throw new IllegalArgumentException("no distribution for the system " + system);
  }

  /** Its name in the archive's name. */
  String text() {
    return text;
  }

  /** The resource with PostgreSQL for it. */
  String postgresArchive() {
    return "/postgres-" + postgres + ".txz";
  }
}

package dev.hookwell.distribution;

/**
 * The template that deploys the package of ingest: {@code template.yaml} but for three lines. No
 * parameter can choose between package and jar, since SAM uploads only files that a template names
 * as plain text.
 */
final class FunctionTemplate {
  private static final String JAR = "      CodeUri: ingest-function/target/ingest-function.jar\n";

  private FunctionTemplate() {}

  static String of(String template, Platform platform) {
    int at = template.indexOf(JAR);
    if (at < 0 || template.indexOf(JAR, at + 1) >= 0) {
      throw new IllegalArgumentException("template.yaml does not name ingest's jar once");
    }
    return template.replace(
        JAR,
        "      CodeUri: %s\n      Runtime: provided.al2023\n      Architectures: [%s]\n"
            .formatted(zip(platform), architecture(platform)));
  }

  /** The path of the package for a kind of machine, from the template's folder. */
  static String zip(Platform platform) {
    return "distribution/target/ingest-" + architecture(platform) + ".zip";
  }

  /** Lambda's name for it. */
  private static String architecture(Platform platform) {
    return switch (platform) {
      case LINUX_X64 -> "x86_64";
      case LINUX_ARM64 -> "arm64";
      case MACOS_X64, MACOS_ARM64 ->
          throw new IllegalArgumentException("Lambda runs on Linux: build the package there");
    };
  }
}

package dev.hookwell.web;

import dev.hookwell.capture.Shows;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * What the page copies, pasted into those of bash, dash and zsh that are installed, on a terminal
 * (by Python's {@code pty}).
 */
final class PastedFormsIT {
  @Test
  @Shows({"H77", "S16c"})
  void whatIsPastedRunsNothingAndACurlLineSendsTheSameBytes()
      throws IOException, InterruptedException {
    NodeTests.run(".it.mjs", Duration.ofMinutes(8));
  }
}

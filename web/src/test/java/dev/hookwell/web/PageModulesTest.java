package dev.hookwell.web;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The modules of the page that touch no document. */
final class PageModulesTest {
  @Test
  void modulesPassTheirOwnTests() throws IOException, InterruptedException {
    NodeTests.run(".test.mjs", Duration.ofMinutes(4));
  }
}

package dev.hookwell.acceptance.page;

import org.junit.platform.suite.api.BeforeSuite;
import org.junit.platform.suite.api.SelectClasses;
import org.junit.platform.suite.api.Suite;

/** The page's tools, and the page for everybody; {@link PageIT} lists the other suites. */
@Suite(failIfNoTests = false)
@SelectClasses({
  PageHandshakes.class,
  PageResponse.class,
  PageLinks.class,
  PageMarks.class,
  PageLocalhost.class,
  PageOfAnotherSite.class,
  PageAccessibility.class,
  PageFirefox.class
})
final class PageToolsIT {
  private PageToolsIT() {}

  @BeforeSuite
  static void tellWhenNothingIsTested() {
    OnThePage.tellWhenNothingIsTested();
  }
}

package dev.hookwell.acceptance.page;

import org.junit.platform.suite.api.BeforeSuite;
import org.junit.platform.suite.api.SelectClasses;
import org.junit.platform.suite.api.Suite;

/** The page's view of one request; {@link PageIT} lists the other suites. */
@Suite(failIfNoTests = false)
@SelectClasses({
  PageExport.class,
  PageArchive.class,
  PageCompare.class,
  PageSignature.class,
  PageHostile.class,
  PageScripted.class,
  PageHeads.class,
  PageLimits.class,
  PageReader.class,
  PageLargeBodies.class
})
final class PageDetailIT {
  private PageDetailIT() {}

  @BeforeSuite
  static void tellWhenNothingIsTested() {
    OnThePage.tellWhenNothingIsTested();
  }
}

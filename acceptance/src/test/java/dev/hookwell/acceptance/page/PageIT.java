package dev.hookwell.acceptance.page;

import org.junit.platform.suite.api.BeforeSuite;
import org.junit.platform.suite.api.SelectClasses;
import org.junit.platform.suite.api.Suite;

/**
 * The page in a real browser, against the whole system. The classes share both. None of them is a
 * long one.
 */
@Suite(failIfNoTests = false)
@SelectClasses({
  PageMainPath.class,
  PageAccess.class,
  PageTrouble.class,
  PageList.class,
  PageRows.class,
  PageExport.class,
  PageCompare.class,
  PageSignature.class,
  PageHandshakes.class,
  PageLocalhost.class,
  PageResponse.class,
  PageHostile.class,
  PageOfAnotherSite.class,
  PageScripted.class,
  PageHeads.class,
  PageLimits.class,
  PageReader.class,
  PageAccessibility.class,
  PageManyRequests.class
})
final class PageIT {
  private PageIT() {}

  @BeforeSuite
  static void tellWhenNothingIsTested() {
    if (OnThePage.executable().isEmpty()) {
      System.out.println(
          "Hookwell's page was NOT tested: install Chromium, or name one in CHROMIUM.");
    }
  }
}

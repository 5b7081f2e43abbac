package dev.hookwell.acceptance.page;

import org.junit.platform.suite.api.BeforeSuite;
import org.junit.platform.suite.api.SelectClasses;
import org.junit.platform.suite.api.Suite;

/**
 * The page in a real browser, against the whole system: all but what it shows of one request. The
 * classes share both. None of them is a long one.
 */
@Suite(failIfNoTests = false)
@SelectClasses({
  PageMainPath.class,
  PageAccess.class,
  PageLinks.class,
  PageHooks.class,
  PagePlace.class,
  PageTrouble.class,
  PageList.class,
  PageFind.class,
  PageLatency.class,
  PageMarks.class,
  PageRows.class,
  PageArrivals.class,
  PageOdd.class,
  PageHandshakes.class,
  PageLocalhost.class,
  PageResponse.class,
  PageOfAnotherSite.class,
  PageAccessibility.class,
  PageManyRequests.class,
  PageFirefox.class
})
final class PageIT {
  private PageIT() {}

  @BeforeSuite
  static void tellWhenNothingIsTested() {
    OnThePage.tellWhenNothingIsTested();
  }
}

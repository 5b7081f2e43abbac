package dev.hookwell.acceptance.page;

import org.junit.platform.suite.api.BeforeSuite;
import org.junit.platform.suite.api.SelectClasses;
import org.junit.platform.suite.api.Suite;

/**
 * The page in a real browser, against the whole system: URLs and their lists. The classes share
 * both. One request is {@link PageDetailIT}'s, the tools around it {@link PageToolsIT}'s: a suite
 * for each of three JVMs.
 */
@Suite(failIfNoTests = false)
@SelectClasses({
  PageMainPath.class,
  PageAccess.class,
  PageHooks.class,
  PagePlace.class,
  PageTrouble.class,
  PageList.class,
  PageFind.class,
  PageLatency.class,
  PageRows.class,
  PageArrivals.class,
  PageOdd.class,
  PageManyRequests.class
})
final class PageIT {
  private PageIT() {}

  @BeforeSuite
  static void tellWhenNothingIsTested() {
    OnThePage.tellWhenNothingIsTested();
  }
}

package dev.hookwell.store;

import dev.hookwell.capture.Capture;
import dev.hookwell.capture.HookId;

/**
 * A capture's path as the store keeps it, with a star for the hook's id: a dump of the database
 * holds no id to which somebody could send. No path of a capture has a star in that place, so one
 * that was stored whole is read as it is. A hook made from a seed has another id for each of the
 * operator's keys: its captures are all read with the one that they are asked by.
 */
final class StoredPath {
  private static final String HOOKS = "/h/";
  private static final String WITHOUT_ID = HOOKS + "*";

  private StoredPath() {}

  static String of(Capture capture) {
    return replaced(capture.request().path(), HOOKS + capture.hook().text(), WITHOUT_ID);
  }

  static String whole(String stored, HookId hook) {
    return replaced(stored, WITHOUT_ID, HOOKS + hook.text());
  }

  private static String replaced(String path, String start, String by) {
    return path.startsWith(start) ? by + path.substring(start.length()) : path;
  }
}

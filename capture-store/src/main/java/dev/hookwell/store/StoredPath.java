package dev.hookwell.store;

import dev.hookwell.capture.Capture;
import dev.hookwell.capture.HookId;
import dev.hookwell.capture.HookPath;

/**
 * A capture's path as the store keeps it, with a star for the hook's id: a dump of the database
 * holds no id to which somebody could send. No path of a capture has a star in that place, so one
 * that was stored whole is read as it is. A hook made from a seed has another id for each of the
 * operator's keys: its captures are all read with the one that they are asked by.
 */
final class StoredPath {
  private static final String STAR = "*";

  private StoredPath() {}

  static String of(Capture capture) {
    return replaced(capture.request().path(), capture.hook().text(), STAR);
  }

  static String whole(String stored, HookId hook) {
    return replaced(stored, STAR, hook.text());
  }

  private static String replaced(String path, String id, String by) {
    return HookPath.of(path)
        .filter(prefix -> path.startsWith(prefix.to(id)))
        .map(prefix -> prefix.to(by) + path.substring(prefix.to(id).length()))
        .orElse(path);
  }
}

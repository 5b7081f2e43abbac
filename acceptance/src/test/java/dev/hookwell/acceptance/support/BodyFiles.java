package dev.hookwell.acceptance.support;

import dev.hookwell.capture.HookId;
import dev.hookwell.local.Client;
import java.nio.file.Path;

/** Where bodies lie, in a data folder, that are too large for a message. */
public final class BodyFiles {
  private BodyFiles() {}

  /** The folder of a hook's; it is there while it holds one. */
  public static Path folder(Path data, Client.Hook hook) {
    return data.resolve("bodies").resolve(HookId.parse(hook.id()).orElseThrow().uid().toString());
  }

  public static Path file(Path data, Client.Hook hook, String captureId) {
    return folder(data, hook).resolve(captureId);
  }
}

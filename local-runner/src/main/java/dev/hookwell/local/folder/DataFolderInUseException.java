package dev.hookwell.local.folder;

import java.nio.file.Path;

/** Another runner works on the folder. The message is one line for a person. */
public final class DataFolderInUseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DataFolderInUseException(Path folder) {
    super("another runner is using the data folder " + folder);
  }
}

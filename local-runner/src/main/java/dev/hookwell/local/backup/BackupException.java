package dev.hookwell.local.backup;

import dev.hookwell.local.folder.DataFolderException;

/** A backup can't be made or used; the message is one line for a person. */
final class BackupException extends DataFolderException {
  private static final long serialVersionUID = 1;

  BackupException(String message) {
    super(message);
  }

  BackupException(String message, Throwable cause) {
    super(message, cause);
  }
}

package dev.hookwell.local.folder;

/**
 * The data folder cannot be used as it is, or its runner did not fulfil a request. The message is
 * one line for a person.
 */
public class DataFolderException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DataFolderException(String message) {
    super(message);
  }

  public DataFolderException(String message, Throwable cause) {
    super(message, cause);
  }
}

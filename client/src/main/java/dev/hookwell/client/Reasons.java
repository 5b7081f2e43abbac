package dev.hookwell.client;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Says why a file can't be used; Java's own messages are often the file's name alone. */
public final class Reasons {
  private Reasons() {}

  /** Why a file can't be written. If something is missing then, it is the file's folder. */
  public static String toWrite(IOException failure) {
    return failure instanceof NoSuchFileException
        ? "its folder is not there; make it, or give another file"
        : of(failure);
  }

  public static String of(IOException failure) {
    if (failure instanceof NoSuchFileException) {
      return "there is no such file";
    }
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (failure instanceof FileAlreadyExistsException) {
      return "it is there already";
    }
    if (failure instanceof FileSystemException inFile && inFile.getReason() != null) {
      return inFile.getReason();
    }
    return failure instanceof FileSystemException
        ? "the system refuses it"
        : String.valueOf(failure.getMessage());
  }
}

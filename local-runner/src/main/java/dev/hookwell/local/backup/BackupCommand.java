package dev.hookwell.local.backup;

import dev.hookwell.local.folder.DataFolder;
import dev.hookwell.local.folder.DataFolderException;
import dev.hookwell.local.folder.DataFolderInUseException;
import dev.hookwell.local.folder.OwnerRequest;
import dev.hookwell.local.postgres.LocalDatabase;
import dev.hookwell.local.postgres.LocalDatabaseException;
import dev.hookwell.local.queue.Outbox;
import dev.hookwell.local.queue.OutboxException;
import dev.hookwell.local.queue.QueueSettings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;

/** {@code ./run backup} and {@code ./run restore}. */
public final class BackupCommand {
  private static final int FAILED = 1;

  private BackupCommand() {}

  /**
   * Makes a backup itself, or asks the runner that uses the folder to make it. @return the exit
   * status
   */
  public static int backUp(
      Path data, Path file, boolean ownDatabase, Clock clock, PrintStream out, PrintStream err) {
    if (!Files.exists(data.resolve(BackupWriter.KEYS))) {
      err.println("hookwell: there is no data folder " + data);
      return FAILED;
    }
    Path absolute = file.toAbsolutePath().normalize();
    return told(
        () -> {
          String words = backUp(data, absolute, ownDatabase, clock, err);
          if (!Files.exists(absolute)) {
            throw new BackupException(
                "the runner wrote "
                    + absolute
                    + ", but not where this is: name a file in a folder that both see");
          }
          out.println("Backed up to " + file + ": " + words);
        },
        data + " cannot be written",
        err);
  }

  private static String backUp(
      Path data, Path file, boolean ownDatabase, Clock clock, PrintStream err)
      throws IOException, InterruptedException {
    SecureRandom random = new SecureRandom();
    try (DataFolder folder = DataFolder.open(data, random);
        Outbox outbox =
            Outbox.open(
                folder.outbox(),
                QueueSettings.ofTemplate(),
                clock,
                folder::freeBytes,
                notice -> err.println("hookwell: " + notice))) {
      if (ownDatabase) {
        return new BackupWriter(folder.root(), outbox, Optional.empty())
            .write(file, clock.instant());
      }
      try (LocalDatabase database = LocalDatabase.start(folder, random)) {
        return new BackupWriter(folder.root(), outbox, Optional.of(database))
            .write(file, clock.instant());
      }
    } catch (DataFolderInUseException _) {
      return OwnerRequest.backup(data).ask(file.toString());
    }
  }

  /** Makes a data folder from a backup. @return the exit status */
  public static int restore(Path data, Path file, Clock clock, PrintStream out, PrintStream err) {
    return told(
        () -> {
          try (BackupArchive archive = BackupArchive.open(file)) {
            String words = new BackupRestorer(clock, new SecureRandom()).restore(archive, data);
            out.println("Restored into " + data + ": " + words);
          }
        },
        file + " cannot be read",
        err);
  }

  /** The work of a command, which prints its own success. */
  private interface Work {
    void run() throws IOException, InterruptedException;
  }

  /**
   * Does the work, or prints in one line why it failed.
   *
   * @param otherwise the text before an I/O error's own message
   * @return the exit status
   */
  private static int told(Work work, String otherwise, PrintStream err) {
    try {
      work.run();
      return 0;
    } catch (DataFolderException
        | DataFolderInUseException
        | LocalDatabaseException
        | OutboxException e) {
      err.println("hookwell: " + e.getMessage());
    } catch (IOException e) {
      err.println("hookwell: " + otherwise + ": " + e.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return FAILED;
  }
}

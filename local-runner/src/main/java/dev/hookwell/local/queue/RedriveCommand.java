package dev.hookwell.local.queue;

import dev.hookwell.local.folder.DataFolder;
import dev.hookwell.local.folder.DataFolderException;
import dev.hookwell.local.folder.DataFolderInUseException;
import dev.hookwell.local.folder.OwnerRequest;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;

/** {@code ./run redrive}: has the dead letters of a data folder tried again. */
public final class RedriveCommand {
  private static final int FAILED = 1;

  private RedriveCommand() {}

  /**
   * Redrives the dead letters itself, or asks the runner that uses the folder. @return the exit
   * status
   */
  public static int run(Path data, PrintStream out, PrintStream err) {
    if (!Files.isDirectory(data)) {
      err.println("hookwell: there is no data folder " + data);
      return FAILED;
    }
    try (DataFolder folder = DataFolder.open(data, new SecureRandom());
        Outbox outbox =
            Outbox.open(
                folder.outbox(),
                QueueSettings.ofTemplate(),
                InstantSource.system(),
                folder::freeBytes,
                notice -> err.println("hookwell: " + notice))) {
      out.println(outbox.redrive() + " dead letters are tried again at the next start");
      return 0;
    } catch (DataFolderInUseException _) {
      return ask(data, out, err);
    } catch (DataFolderException | OutboxException e) {
      err.println("hookwell: " + e.getMessage());
      return FAILED;
    }
  }

  private static int ask(Path data, PrintStream out, PrintStream err) {
    try {
      out.println(OwnerRequest.redrive(data).ask("") + " dead letters are tried again");
      return 0;
    } catch (DataFolderException e) {
      err.println("hookwell: " + e.getMessage());
    } catch (IOException e) {
      err.println("hookwell: " + data + " cannot be written: " + e.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return FAILED;
  }
}

package dev.hookwell.local.queue;

import dev.hookwell.local.folder.DataFolderException;
import dev.hookwell.local.folder.PrivateFiles;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the outbox's file when a runner starts. One that doesn't open is set aside beside it, with
 * a notice, and the messages that can still be read from it go into a new one. So do those in the
 * queue of a version before there was an outbox.
 */
public final class OutboxFile {
  private static final Logger LOG = LoggerFactory.getLogger(OutboxFile.class);

  private final Path file;
  private final String fileSystem;
  private final InstantSource clock;
  private final Consumer<String> notices;

  /**
   * Set after a failed sync: the file may then read as if it held bytes that the disk will never
   * have.
   */
  private boolean doubtful;

  /**
   * @param fileSystem the scheme of one of H2's own, or empty for the usual one
   */
  public OutboxFile(Path file, String fileSystem, InstantSource clock, Consumer<String> notices) {
    this.file = file.toAbsolutePath();
    this.fileSystem = fileSystem;
    this.clock = clock;
    this.notices = notices;
  }

  /** Its name for H2. */
  String name() {
    return fileSystem + file;
  }

  /** Takes note of a failure. After a failed sync, the next opening copies the whole file. */
  void failed(Throwable cause) {
    doubtful |= OutboxStore.isOfSync(cause);
  }

  /**
   * Opens it, or makes it.
   *
   * @throws DataFolderException when it cannot be made, or is of a newer version
   */
  OutboxStore open() {
    try {
      Files.createDirectories(folder());
      OutboxStore store = Files.exists(file) ? openOrReplace() : create();
      if (doubtful || store.isFormer()) {
        store = rewrite(store);
      }
      try {
        takeOver(store);
        return store;
      } catch (Throwable e) {
        failed(e);
        store.abandon();
        throw e;
      }
    } catch (IOException | UncheckedIOException | MVStoreException e) {
      throw new DataFolderException("the outbox " + file + " cannot be read or written", e);
    }
  }

  private Path folder() {
    return file.resolveSibling(".").normalize();
  }

  /** Makes it under another name first, so that a file of this name is always whole. */
  private OutboxStore create() throws IOException {
    Path unfinished = unfinished();
    OutboxStore.create(fileSystem + unfinished).close();
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    PrivateFiles.sync(folder());
    return OutboxStore.open(name());
  }

  /** Copies all of it into a new file, which takes its place. */
  private OutboxStore rewrite(OutboxStore old) throws IOException {
    Path unfinished = unfinished();
    try (OutboxStore fresh = OutboxStore.create(fileSystem + unfinished)) {
      old.copyTo(fresh);
    } finally {
      old.abandon();
    }
    PrivateFiles.sync(unfinished);
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    PrivateFiles.sync(folder());
    doubtful = false;
    return OutboxStore.open(name());
  }

  private Path unfinished() throws IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(unfinished);
    return unfinished;
  }

  private OutboxStore openOrReplace() throws IOException {
    List<OutboxRemains.Commit> commits = OutboxRemains.commits(file);
    OutboxStore opened = openOrNull(name());
    if (opened != null && OutboxRemains.isBehind(opened.openedVersion(), commits)) {
      opened.abandon();
      opened = null;
    }
    if (opened == null) {
      opened = openNewest(commits);
    }
    if (opened == null) {
      return replace();
    }
    long version = opened.openedVersion();
    try {
      add(opened, file, commits.stream().filter(commit -> commit.version() > version).toList());
      return opened;
    } catch (Throwable e) {
      failed(e);
      opened.abandon();
      throw e;
    }
  }

  /**
   * Opens it at the newest commit that is whole, when H2 did not find that: H2 begins at the commit
   * that the file's head names, which may be overwritten by then, and may end at an older one.
   */
  private @Nullable OutboxStore openNewest(List<OutboxRemains.Commit> commits) throws IOException {
    if (!OutboxRemains.nameNewest(file, commits)) {
      return null;
    }
    OutboxStore opened = openOrNull(name());
    if (opened != null && OutboxRemains.isBehind(opened.openedVersion(), commits)) {
      opened.abandon();
      return null;
    }
    return opened;
  }

  /** Null when it is damaged. */
  private @Nullable OutboxStore openOrNull(String name) throws IOException {
    try {
      return OutboxStore.open(name);
    } catch (DataFolderException e) {
      throw e;
    } catch (RuntimeException | OutOfMemoryError e) {
      throwIfOfTheDisk(e);
      if (e instanceof MVStoreException failure
          && failure.getErrorCode() == DataUtils.ERROR_FILE_LOCKED) {
        throw failure;
      }
      LOG.error("the outbox {} is damaged", name, e);
      return null;
    }
  }

  /** A failure of the disk, or an interrupt, does not mean that the file is damaged. */
  private static void throwIfOfTheDisk(Throwable e) throws IOException {
    // An interrupt closes the file under H2, which then finds no commit whole.
    if (Thread.interrupted()) {
      throw new IOException("interrupted while the outbox was read", e);
    }
    if (e.getCause() instanceof IOException failure && !(failure instanceof EOFException)) {
      throw failure;
    }
  }

  /**
   * Sets the file aside and makes a new one of all captures left in it. Some may be stored already.
   */
  private OutboxStore replace() throws IOException {
    Path unfinished = unfinished();
    try (OutboxStore fresh = OutboxStore.create(fileSystem + unfinished)) {
      // A start that is broken off here begins again.
      add(fresh, file, OutboxRemains.whole(file));
    }
    PrivateFiles.sync(unfinished);
    // There is a file of this name at any time.
    Path aside = file.resolveSibling(file.getFileName() + ".damaged-" + clock.millis());
    Files.createLink(aside, file);
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    PrivateFiles.sync(folder());
    OutboxStore replaced = OutboxStore.open(name());
    notices.accept(
        "the outbox "
            + file
            + " is damaged and was set aside as "
            + aside.getFileName()
            + "; "
            + replaced.waiting()
            + " captures could be read from it and are stored now. If it held others, they are"
            + " lost");
    return replaced;
  }

  /** Adds the captures that are found and are not in the store yet. */
  private void add(OutboxStore store, Path from, List<OutboxRemains.Commit> remains)
      throws IOException {
    if (remains.isEmpty()) {
      return;
    }
    // Keeps their ids alone: the texts of a long outage would fill the memory.
    Set<UUID> missing = new HashSet<>();
    OutboxRemains.envelopes(from, remains, found -> missing.add(found.capture()));
    store.forEach((_, text) -> OutboxRemains.capture(text).ifPresent(missing::remove));
    OutboxRemains.envelopes(
        from,
        remains,
        found -> {
          if (missing.remove(found.capture())) {
            long number = OutboxKey.number(store.lastNumber(), clock.instant());
            store.add(
                new OutboxKey(found.hook(), number),
                found.text().getBytes(StandardCharsets.US_ASCII));
            store.commitIfLarge();
          }
        });
    store.commit();
  }

  /**
   * Takes the messages of an earlier version's queue over. If it is broken off, it begins again;
   * captures that are then there twice are stored once.
   */
  private void takeOver(OutboxStore store) throws IOException {
    Path journal = file.resolveSibling("journal");
    if (!Files.exists(journal)) {
      return;
    }
    List<OutboxRemains.Commit> commits = OutboxRemains.commits(journal);
    try (FormerJournal former = FormerJournal.openOrNull(journal)) {
      if (former != null && !OutboxRemains.isBehind(former.version(), commits)) {
        former.copyTo(store, clock);
        Files.delete(journal);
        return;
      }
    }
    Path aside = journal.resolveSibling("journal.damaged-" + clock.millis());
    add(store, journal, OutboxRemains.whole(journal));
    // Moved only now: a start that is broken off before finds it again.
    Files.move(journal, aside);
    notices.accept(
        "the queue "
            + journal
            + " of an earlier version is damaged and was set aside as "
            + aside.getFileName()
            + "; what could be read from it is stored now. If it held more, that is lost");
  }
}

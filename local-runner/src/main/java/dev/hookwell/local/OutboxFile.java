package dev.hookwell.local;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the outbox's file when a runner starts. One that doesn't open is set aside beside it, and
 * whoever runs it is told; what can still be read of it goes into a new one. So does the queue of
 * the version before there was an outbox.
 */
final class OutboxFile {
  private static final Logger LOG = LoggerFactory.getLogger(OutboxFile.class);

  private final Path file;
  private final String fileSystem;
  private final InstantSource clock;
  private final Consumer<String> notices;

  /**
   * @param fileSystem the scheme of one of H2's own, or nothing for the usual one
   */
  OutboxFile(Path file, String fileSystem, InstantSource clock, Consumer<String> notices) {
    this.file = file.toAbsolutePath();
    this.fileSystem = fileSystem;
    this.clock = clock;
    this.notices = notices;
  }

  /** How H2 calls it. */
  String name() {
    return fileSystem + file;
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
      try {
        takeOver(store);
        return store;
      } catch (Throwable e) {
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
    sync(folder());
    return OutboxStore.open(name());
  }

  private Path unfinished() throws IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(unfinished);
    return unfinished;
  }

  private static void sync(Path fileOrFolder) throws IOException {
    try (FileChannel channel = FileChannel.open(fileOrFolder)) {
      channel.force(true);
    }
  }

  private OutboxStore openOrReplace() throws IOException {
    List<OutboxRemains.Commit> commits = OutboxRemains.commits(file);
    OutboxStore opened = openOrNull(name());
    if (opened != null && OutboxRemains.isBehind(opened.openedVersion(), commits)) {
      opened.abandon();
      opened = recover(commits);
    }
    if (opened == null) {
      return replace();
    }
    long version = opened.openedVersion();
    try {
      add(opened, file, commits.stream().filter(commit -> commit.version() > version).toList());
      return opened;
    } catch (Throwable e) {
      opened.abandon();
      throw e;
    }
  }

  /** Has H2 look for the newest commit in a copy, which takes the file's place if it is found. */
  private @Nullable OutboxStore recover(List<OutboxRemains.Commit> commits) throws IOException {
    Path copy = file.resolveSibling(file.getFileName() + ".recovered");
    Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
    try {
      OutboxStore.recover(fileSystem + copy);
      OutboxStore recovered = openOrNull(fileSystem + copy);
      if (recovered == null) {
        return null;
      }
      recovered.abandon();
      if (OutboxRemains.isBehind(recovered.openedVersion(), commits)) {
        return null;
      }
      sync(copy);
      Files.move(copy, file, StandardCopyOption.ATOMIC_MOVE);
      sync(folder());
      return openOrNull(name());
    } catch (MVStoreException e) {
      LOG.error("the outbox {} cannot be recovered", file, e);
      return null;
    } finally {
      Files.deleteIfExists(copy);
    }
  }

  /** Null when it is damaged. */
  private @Nullable OutboxStore openOrNull(String name) throws IOException {
    try {
      return OutboxStore.open(name);
    } catch (DataFolderException e) {
      throw e;
    } catch (RuntimeException | OutOfMemoryError e) {
      if (e.getCause() instanceof IOException failure && !(failure instanceof EOFException)) {
        // Of the disk, not of what is on it.
        throw failure;
      }
      if (e instanceof MVStoreException failure
          && failure.getErrorCode() == DataUtils.ERROR_FILE_LOCKED) {
        throw failure;
      }
      LOG.error("the outbox {} is damaged", name, e);
      return null;
    }
  }

  /** Sets the file aside and makes a new one of all that is left in it, perhaps stored already. */
  private OutboxStore replace() throws IOException {
    Path unfinished = unfinished();
    try (OutboxStore fresh = OutboxStore.create(fileSystem + unfinished)) {
      // Broken off, it begins again.
      add(fresh, file, OutboxRemains.whole(file));
    }
    sync(unfinished);
    // At no time is there no file of this name.
    Path aside = file.resolveSibling(file.getFileName() + ".damaged-" + clock.millis());
    Files.createLink(aside, file);
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    sync(folder());
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

  /** Adds the captures that are found and not there yet. */
  private void add(OutboxStore store, Path from, List<OutboxRemains.Commit> remains)
      throws IOException {
    if (remains.isEmpty()) {
      return;
    }
    Set<String> known = new HashSet<>();
    store.forEach((_, text) -> known.add(new String(text, StandardCharsets.US_ASCII)));
    OutboxRemains.envelopes(
        from,
        remains,
        (hook, text) -> {
          if (known.add(new String(text, StandardCharsets.US_ASCII))) {
            store.add(
                new OutboxKey(hook, OutboxKey.number(store.lastNumber(), clock.instant())), text);
            store.commitIfLarge();
          }
        });
    store.commit();
  }

  /** Broken off, it begins again: then some are there twice, and stored once. */
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
    // Not before: a start that is broken off finds it again.
    Files.move(journal, aside);
    notices.accept(
        "the queue "
            + journal
            + " of an earlier version is damaged and was set aside as "
            + aside.getFileName()
            + "; what could be read from it is stored now. If it held more, that is lost");
  }
}

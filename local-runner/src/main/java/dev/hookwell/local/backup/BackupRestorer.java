package dev.hookwell.local.backup;

import dev.hookwell.local.folder.DataFolder;
import dev.hookwell.local.folder.PrivateFiles;
import dev.hookwell.local.postgres.LocalDatabase;
import dev.hookwell.local.queue.OutboxKey;
import dev.hookwell.local.queue.OutboxStore;
import dev.hookwell.store.Database;
import dev.hookwell.store.Migrations;
import dev.hookwell.store.Retries;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;

/** Makes a data folder from a backup. */
final class BackupRestorer {
  private final Clock clock;
  private final SecureRandom random;

  BackupRestorer(Clock clock, SecureRandom random) {
    this.clock = clock;
    this.random = random;
  }

  /**
   * Restores into a folder that is empty or not there yet. A restore that is killed leaves a mark
   * in the folder, with which no runner starts. A restore that fails deletes all that it made.
   *
   * @return what was restored, in words
   * @throws BackupException when the backup or the folder cannot be used
   */
  String restore(BackupArchive archive, Path data) {
    Path folder = data.toAbsolutePath().normalize();
    BackupManifest manifest = archive.manifest();
    if (manifest.schema() > Migrations.newest()) {
      throw new BackupException(
          "the backup was made by a newer Hookwell (schema %d, and this one knows %d): restore it with that one"
              .formatted(manifest.schema(), Migrations.newest()));
    }
    try {
      refuseFull(folder);
      PrivateFiles.makeFolder(folder);
      Path root = folder.toRealPath();
      PrivateFiles.write(root.resolve(DataFolder.RESTORING), "");
      try {
        fill(archive, root);
      } catch (IOException | RuntimeException e) {
        empty(root);
        throw e;
      }
      Files.delete(root.resolve(DataFolder.RESTORING));
      PrivateFiles.sync(root);
    } catch (IOException e) {
      throw new BackupException("the folder " + data + " cannot be written: " + e.getMessage(), e);
    }
    return words(manifest);
  }

  private static void refuseFull(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    if (!Files.isDirectory(folder)) {
      throw new BackupException(folder + " is no folder");
    }
    try (Stream<Path> there = Files.list(folder)) {
      if (there.findAny().isPresent()) {
        throw new BackupException(
            folder + " is not empty: name an empty folder, or a new one, by --data");
      }
    }
  }

  private static void empty(Path root) throws IOException {
    try (Stream<Path> made = Files.list(root)) {
      for (Path one : made.toList()) {
        PrivateFiles.delete(one);
      }
    }
  }

  private void fill(BackupArchive archive, Path root) throws IOException {
    for (BackupManifest.Entry entry : archive.manifest().entries()) {
      if (entry.name().equals(BackupWriter.KEYS)) {
        try (InputStream keys = archive.open(entry)) {
          PrivateFiles.write(
              root.resolve(BackupWriter.KEYS),
              new String(keys.readAllBytes(), StandardCharsets.UTF_8));
        }
      }
    }
    try (DataFolder folder = DataFolder.openUnfinished(root, random)) {
      if (archive.manifest().schema() > 0) {
        restoreTables(archive, folder);
      }
      restoreMessages(archive, folder);
      restoreBodies(archive, root);
    }
  }

  private void restoreTables(BackupArchive archive, DataFolder folder) throws IOException {
    try (LocalDatabase server = LocalDatabase.start(folder, random)) {
      try (Database schema =
          new Database(
              server.databaseUrl(), Database.Settings.forMigrations("hookwell-restore"), true)) {
        new Migrations(
                schema,
                Migrations.Settings.DEFAULT,
                clock,
                new Retries(clock, random, Thread::sleep),
                UUID::randomUUID)
            .runUpTo(archive.manifest().schema());
      }
      try (BackupTables tables = BackupTables.write(server)) {
        for (BackupManifest.Entry entry : archive.manifest().entries()) {
          if (entry.name().startsWith(BackupWriter.TABLES)) {
            try (InputStream rows = archive.open(entry)) {
              tables.copyIn(
                  entry.name().substring(BackupWriter.TABLES.length()), entry.columns(), rows);
            }
          }
        }
        tables.commit();
      }
    }
  }

  private static void restoreMessages(BackupArchive archive, DataFolder folder) throws IOException {
    try (OutboxStore outbox = OutboxStore.create(folder.outbox().toString())) {
      for (BackupManifest.Entry entry : archive.manifest().entries()) {
        boolean dead = entry.name().equals(BackupWriter.DEAD);
        if (!dead && !entry.name().equals(BackupWriter.WAITING)) {
          continue;
        }
        try (BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(archive.open(entry), StandardCharsets.US_ASCII))) {
          for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            addMessage(outbox, line, dead);
          }
        }
      }
      outbox.commit();
    }
    PrivateFiles.closeToOthers(folder.outbox());
    PrivateFiles.sync(folder.outbox());
  }

  private static void addMessage(OutboxStore outbox, String line, boolean dead) {
    int space = line.indexOf(' ');
    if (!line.substring(0, Math.max(0, space)).matches("[0-9a-f]{48}")) {
      throw new BackupException("a message in it has no place in the queue");
    }
    OutboxKey key = OutboxKey.ofReceipt(line.substring(0, space));
    byte[] envelope = line.substring(space + 1).getBytes(StandardCharsets.US_ASCII);
    if (dead) {
      outbox.addDead(key, envelope);
    } else {
      outbox.add(key, envelope);
    }
    outbox.commitIfLarge();
  }

  private static void restoreBodies(BackupArchive archive, Path root) throws IOException {
    Path bodies = root.resolve(BackupWriter.BODIES);
    for (BackupManifest.Entry entry : archive.manifest().entries()) {
      if (!entry.name().startsWith(BackupWriter.BODIES) || entry.count() == 0) {
        continue;
      }
      Path body = root.resolve(entry.name()).normalize();
      if (!body.startsWith(bodies) || body.equals(bodies)) {
        throw new BackupException("its manifest is damaged: a body has no place");
      }
      makeFolders(body.resolveSibling(""), root);
      try (InputStream bytes = archive.open(entry)) {
        Files.createFile(body, PrivateFiles.rights("rw-------"));
        try (var out = Files.newOutputStream(body)) {
          bytes.transferTo(out);
        }
      }
      PrivateFiles.sync(body);
      PrivateFiles.sync(body.resolveSibling(""));
    }
  }

  private static void makeFolders(Path folder, Path root) throws IOException {
    if (!folder.equals(root) && !Files.isDirectory(folder)) {
      makeFolders(folder.resolveSibling("").normalize(), root);
      PrivateFiles.makeFolder(folder);
    }
  }

  private static String words(BackupManifest manifest) {
    long captures = 0;
    long waiting = 0;
    for (BackupManifest.Entry entry : manifest.entries()) {
      if (entry.name().equals(BackupWriter.TABLES + "captures")) {
        captures = entry.count();
      } else if (entry.name().equals(BackupWriter.WAITING)
          || entry.name().equals(BackupWriter.DEAD)) {
        waiting += entry.count();
      }
    }
    return String.format(
        Locale.ROOT,
        "%sof %s: %,d on their way",
        manifest.schema() > 0 ? "%,d captures ".formatted(captures) : "no rows, ",
        manifest.madeAt(),
        waiting);
  }
}

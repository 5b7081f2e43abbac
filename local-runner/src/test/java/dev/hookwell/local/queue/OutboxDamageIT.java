package dev.hookwell.local.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.capture.Capture;
import dev.hookwell.capture.Captures;
import dev.hookwell.capture.EnvelopeWriter;
import dev.hookwell.capture.RequestHead;
import dev.hookwell.intake.Sent;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files as power cuts, bad disks and people leave them. */
final class OutboxDamageIT {
  @TempDir private Path folder;

  private final List<String> notices = new ArrayList<>();
  private final Random random = new Random(7);

  @AfterEach
  void heal() {
    FaultyFiles.heal();
  }

  private Outbox open(Path file, String fileSystem) {
    return Outbox.open(
        new OutboxFile(file, fileSystem, InstantSource.system(), notices::add),
        QueueSettings.ofTemplate(),
        InstantSource.system(),
        () -> Long.MAX_VALUE,
        notices::add);
  }

  private static String keep(Outbox outbox, int id, int size) {
    String body = id + "x".repeat(size);
    var envelope = EnvelopeWriter.write(Captures.capture(id % 4, id, body));
    assertEquals(new Sent.Kept(), outbox.send(envelope));
    return envelope.text();
  }

  private static void delete(Outbox outbox, int messages) {
    outbox.delete(outbox.receive(messages, Long.MAX_VALUE, Duration.ZERO));
  }

  /** The texts that an outbox holds when it is opened on the file. */
  private Set<String> held(Path file) {
    try (Outbox outbox = open(file, "")) {
      return new HashSet<>(OutboxTexts.all(outbox));
    }
  }

  private boolean isSetAside(Path file) throws IOException {
    try (Stream<Path> files = Files.list(file.toAbsolutePath().getParent())) {
      return files.anyMatch(one -> one.getFileName().toString().contains(".damaged-"));
    }
  }

  private void clear(Path directory) throws IOException {
    Files.createDirectories(directory);
    try (Stream<Path> files = Files.list(directory)) {
      for (Path one : files.toList()) {
        Files.delete(one);
      }
    }
    notices.clear();
  }

  /** Some that were stored, some of all sizes that were not: as it is when a runner is killed. */
  private Set<String> left(Path file) throws IOException {
    Set<String> left;
    try (Outbox outbox = open(file, "")) {
      for (int i = 0; i < 60; i++) {
        keep(outbox, i, random.nextInt(10) == 0 ? 30_000 : random.nextInt(900));
        if (i % 3 == 2) {
          delete(outbox, 2);
        }
      }
      left = new HashSet<>(OutboxTexts.all(outbox));
      // Before it is closed, as a kill leaves it.
      Files.copy(file, folder.resolve("killed"));
    }
    Files.move(folder.resolve("killed"), file, StandardCopyOption.REPLACE_EXISTING);
    assertEquals(20, left.size());
    return left;
  }

  @Test
  void captureThatLooksLikeTheFilesOwnLinesDamagesNothing() throws Exception {
    Path file = folder.resolve("hostile/outbox");
    Files.createDirectories(file.getParent());
    String line = "chunk:,len:1,,version:fffffff,";
    Set<String> kept = new HashSet<>();
    try (Outbox outbox = open(file, "")) {
      for (int i = 0; i < 120; i++) {
        Capture plain = Captures.capture(i % 4, i, "");
        RequestHead request = plain.request();
        var envelope =
            EnvelopeWriter.write(
                new Capture(
                    plain.id(),
                    plain.hook(),
                    plain.receivedAt(),
                    new RequestHead(
                        request.edge(),
                        request.method(),
                        request.path(),
                        line.repeat(300),
                        request.protocol(),
                        request.sourceIp(),
                        request.headers(),
                        request.cookies()),
                    plain.body(),
                    plain.notes()));
        assertEquals(new Sent.Kept(), outbox.send(envelope));
        kept.add(envelope.text());
      }
    }
    assertEquals(kept, held(file));
    assertFalse(isSetAside(file), notices.toString());
    assertEquals(List.of(), notices);
  }

  @Test
  void aFileThatIsCutAnywhereGivesBackWhatItStillHoldsAndSaysSoWhenItIsLess() throws Exception {
    Path whole = folder.resolve("whole");
    Set<String> left = left(whole);
    byte[] bytes = Files.readAllBytes(whole);
    Path directory = folder.resolve("cut");
    Path cut = directory.resolve("outbox");
    int quiet = 0;
    for (int length = 0; length <= bytes.length; length += 512) {
      clear(directory);
      try (var out = Files.newOutputStream(cut)) {
        out.write(bytes, 0, length);
      }
      String rest = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
      List<String> expected = left.stream().filter(rest::contains).toList();
      Set<String> held = held(cut);

      assertTrue(held.containsAll(expected), "lost by a cut at " + length);
      boolean told = notices.stream().anyMatch(notice -> notice.contains("damaged"));
      assertEquals(told, isSetAside(cut), "at " + length);
      if (!told) {
        quiet++;
      }
      // Its messages are kept for good, and new ones are too.
      try (Outbox outbox = open(cut, "")) {
        assertTrue(new HashSet<>(OutboxTexts.all(outbox)).containsAll(expected), "at " + length);
        keep(outbox, 1000, 10);
      }
    }
    assertTrue(quiet > 0, "the whole file does not open");
    assertTrue(quiet < bytes.length / 512, "nothing was ever said");
  }

  @Test
  void aFileWithGarbageInItNeverEndsTheRunner() throws Exception {
    Path whole = folder.resolve("whole");
    Set<String> left = left(whole);
    byte[] bytes = Files.readAllBytes(whole);
    Path directory = folder.resolve("garbage");
    Path file = directory.resolve("outbox");
    for (int block = 0; block < bytes.length; block += 4096) {
      clear(directory);
      byte[] damaged = bytes.clone();
      byte[] garbage = new byte[Math.min(4096, damaged.length - block)];
      random.nextBytes(garbage);
      System.arraycopy(garbage, 0, damaged, block, garbage.length);
      Files.write(file, damaged);
      String rest = new String(damaged, StandardCharsets.ISO_8859_1);

      Set<String> held = held(file);
      assertTrue(
          held.containsAll(left.stream().filter(rest::contains).toList()), "lost at " + block);
    }
  }

  @Test
  void anEmptyFileIsDamageToo() throws Exception {
    Path file = folder.resolve("outbox");
    Files.createFile(file);
    assertEquals(Set.of(), held(file));
    assertEquals(1, notices.size(), notices.toString());
    assertTrue(notices.getFirst().contains("is damaged and was set aside"), notices.getFirst());
    assertTrue(isSetAside(file));
  }

  @Test
  void aDamagedQueueOfTheVersionBeforeIsReadAsFarAsItGoes() throws Exception {
    byte[] journal = Files.readAllBytes(Path.of("src/test/resources/queue-journal/journal"));
    Path file = folder.resolve("queue/outbox");
    clear(folder.resolve("queue"));
    Files.write(
        file.resolveSibling("journal"), java.util.Arrays.copyOf(journal, journal.length / 2));
    String rest = new String(journal, 0, journal.length / 2, StandardCharsets.ISO_8859_1);
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String text = EnvelopeWriter.write(Captures.capture(1, i, "kept " + i)).text();
      if (rest.contains(text)) {
        expected.add(text);
      }
    }
    assertTrue(held(file).containsAll(expected));
    assertEquals(1, notices.size(), notices.toString());
    assertTrue(notices.getFirst().contains("earlier version"), notices.getFirst());
  }

  /**
   * A power cut leaves the synced bytes, and any part of those written after the last sync. With
   * any such part the file must give back all messages that were acknowledged before the cut.
   */
  @Test
  void aPowerCutAtAnyMomentLosesNothingThatWasAcknowledged() throws Exception {
    Path file = folder.resolve("outbox");
    // The texts that must be there once so many operations are done.
    List<Integer> moments = new ArrayList<>();
    List<Set<String>> contents = new ArrayList<>();
    byte[] start;
    open(file, FaultyFiles.scheme()).close();
    start = Files.readAllBytes(file);
    try (Outbox outbox = open(file, FaultyFiles.SCHEME)) {
      FaultyFiles.record();
      for (int i = 0; i < 40; i++) {
        keep(outbox, i, random.nextInt(8) == 0 ? 40_000 : random.nextInt(900));
        note(outbox, moments, contents);
        if (i % 4 == 3) {
          delete(outbox, 3);
          note(outbox, moments, contents);
        }
      }
    }
    List<FaultyFiles.Operation> operations = List.copyOf(FaultyFiles.operations());
    FaultyFiles.heal();
    Path directory = folder.resolve("cut");
    Path left = directory.resolve("outbox");
    for (int end = 1; end <= operations.size(); end++) {
      for (int attempt = 0; attempt < 12; attempt++) {
        clear(directory);
        Files.write(left, start);
        replay(operations.subList(0, end), left);
        int moment = end;
        int known = (int) moments.stream().filter(done -> done <= moment).count();
        Set<String> expected = known == 0 ? Set.of() : contents.get(known - 1);
        // Messages that were deleted after that may be gone: they were stored.
        Set<String> later = known < contents.size() ? contents.get(known) : expected;
        Set<String> needed = new HashSet<>(expected);
        needed.retainAll(later);

        assertTrue(held(left).containsAll(needed), "lost by a cut after operation " + end);
      }
    }
  }

  /**
   * A write that breaks off leaves the end of something older behind it. Captures of one length lie
   * alike, so that such a text may well read as one.
   */
  @Test
  void aWriteThatBreaksOffNeverMakesOneCaptureOfTwo() throws Exception {
    Set<String> sent = new HashSet<>();
    int id = 0;
    for (int round = 0; round < 40; round++) {
      Path file = folder.resolve("round" + round);
      for (int start = 0; start < 8; start++) {
        try (Outbox outbox = open(file, FaultyFiles.scheme())) {
          for (int i = 0; i < 6; i++) {
            byte[] body = new byte[150];
            random.nextBytes(body);
            var envelope =
                EnvelopeWriter.write(
                    Captures.capture(Captures.hook(random.nextInt(4)), id++, body));
            sent.add(envelope.text());
            if (i == 5) {
              FaultyFiles.failWrites(1);
            }
            outbox.send(envelope);
            if (random.nextInt(3) == 0) {
              delete(outbox, 2);
            }
          }
        }
        Set<String> held = held(file);
        held.removeAll(sent);
        assertEquals(Set.of(), held, "in round " + round);
      }
    }
  }

  private static void note(Outbox outbox, List<Integer> moments, List<Set<String>> contents) {
    contents.add(new HashSet<>(OutboxTexts.all(outbox)));
    moments.add(FaultyFiles.operations().size());
  }

  /** All that was synced, and of the rest each one, none of it, or its beginning. */
  private void replay(List<FaultyFiles.Operation> operations, Path file) throws IOException {
    int synced = 0;
    for (int i = 0; i < operations.size(); i++) {
      synced = operations.get(i) instanceof FaultyFiles.Operation.Sync ? i : synced;
    }
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      for (int i = 0; i < operations.size(); i++) {
        int luck = i <= synced ? 2 : random.nextInt(3);
        switch (operations.get(i)) {
          case FaultyFiles.Operation.Write write when luck > 0 -> {
            out.seek(write.position());
            byte[] bytes = write.bytes().toByteArray();
            int length = bytes.length;
            out.write(bytes, 0, luck == 2 ? length : random.nextInt(length + 1));
          }
          case FaultyFiles.Operation.Truncate truncate when luck > 0 ->
              out.setLength(truncate.length());
          case FaultyFiles.Operation _ -> {
            // It did not reach the disk, or was only a sync.
          }
        }
      }
    }
  }
}

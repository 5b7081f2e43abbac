package dev.hookwell.acceptance.faults;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.capture.Shows;
import dev.hookwell.local.Client;
import dev.hookwell.local.queue.QueueSettings;
import dev.hookwell.store.HookLimits;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random mixtures of requests, deliveries, reads, deletions, retention and faults of every kind
 * against the real parts. After every action: each acknowledged capture is stored, queued, or was
 * given up by its owner or the quota; nothing is stored that was not sent; nothing twice; numbers
 * have no holes; counts add up; no reader by cursor missed anything; no counted step of a script
 * answered too often, and a capture has the response that its sender got. A failure names its seed;
 * {@code -Dhookwell.seed=N} makes the same choices again, {@code -Dhookwell.captures=N} goes on
 * until so many were acknowledged, {@code -Dhookwell.burst=N} sends up to so many at once.
 */
final class RandomFaultsIT {
  private static final int QUOTA = 60;

  @TempDir static Path data;

  private static FaultySystem system;
  private static Client client;

  @BeforeAll
  static void start() throws Exception {
    system =
        new FaultySystem(
            data,
            QueueSettings.ofTemplate().withRedrive(Duration.ofSeconds(1), 5),
            new HookLimits(Duration.ofDays(7), QUOTA, HookLimits.DEFAULT.bytes()),
            FaultySystem.Patience.SHORT);
    client = new Client(system.address());
  }

  @AfterAll
  static void stop() {
    client.close();
    system.close();
  }

  @Test
  @Shows("F55")
  void nothingIsLostInThreeMixturesOfFaults() {
    run(system, client, 3, 12, 40, 0);
  }

  @Test
  @Tag("long")
  @Shows("F55")
  void nothingIsLostInEightMixturesOfFaults() {
    run(system, client, 8, 50, 60, 0);
  }

  @Test
  @Tag("long")
  @Shows("F55")
  void nothingIsLostInALongRun() {
    run(
        system,
        client,
        1,
        60,
        Integer.getInteger("hookwell.burst", 1_000),
        Long.getLong("hookwell.captures", 1_000));
  }

  /** So many sequences, and more until so many requests were acknowledged. */
  @SuppressWarnings("SystemOut") // A run that takes an hour prints its progress.
  static void run(
      FaultySystem system, Client client, int sequences, int actions, int burst, long captures) {
    long first = Long.getLong("hookwell.seed", new SecureRandom().nextLong() >>> 16);
    Map<RandomFaults.Action, Integer> done = new EnumMap<>(RandomFaults.Action.class);
    long acknowledged = 0;
    long scripted = 0;
    for (int i = 0; i < sequences || acknowledged < captures; i++) {
      long seed = first + i;
      RandomFaults faults = new RandomFaults(system, client, seed, burst);
      try {
        acknowledged += faults.run(actions);
      } catch (AssertionError | Exception e) {
        throw new AssertionError("-Dhookwell.seed=" + seed, e);
      }
      scripted += faults.servedByCountedSteps();
      faults.done().forEach((action, times) -> done.merge(action, times, Integer::sum));
      System.out.println(
          "seed %d: %d sequences, %d acknowledged, %d answered by a counted step"
              .formatted(first, i + 1, acknowledged, scripted));
    }
    System.out.println("seed " + first + " did " + done);
    assertTrue(acknowledged > sequences);
    assertTrue(sequences < 8 || scripted > 0, "no script was ever used");
  }
}

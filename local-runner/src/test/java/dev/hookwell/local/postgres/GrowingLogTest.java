package dev.hookwell.local.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GrowingLogTest {
  @TempDir private Path folder;

  @Test
  void oneByteBelowItsLimitItStays() throws IOException {
    Path log = log(GrowingLog.LIMIT - 1);
    GrowingLog.bound(log);
    assertEquals(GrowingLog.LIMIT - 1, Files.size(log));
    assertFalse(Files.exists(folder.resolve("log.1")));
  }

  @Test
  void atItsLimitItBeginsAnewAndOneOlderIsKept() throws IOException {
    Path log = log(GrowingLog.LIMIT + 5);
    GrowingLog.bound(log);
    assertEquals(0, Files.size(log));
    assertEquals(GrowingLog.LIMIT + 5, Files.size(folder.resolve("log.1")));
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("log.1"))));

    log(GrowingLog.LIMIT);
    GrowingLog.bound(log);
    assertEquals(GrowingLog.LIMIT, Files.size(folder.resolve("log.1")));
  }

  @Test
  void oneThatIsMissingIsNoFailure() {
    GrowingLog.bound(folder.resolve("none"));
  }

  private Path log(long size) throws IOException {
    Path log = Files.write(folder.resolve("log"), new byte[(int) size]);
    return Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("rw-------"));
  }
}

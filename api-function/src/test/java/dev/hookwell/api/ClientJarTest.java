package dev.hookwell.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.capture.GatewayResponse;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClientJarTest {
  @TempDir Path folder;

  @Test
  void theJarIsServedByteForByteWithItsDigest() throws IOException {
    byte[] bytes = {'P', 'K', 3, 4, 0, (byte) 0xff};
    Files.write(folder.resolve("hookwell.jar"), bytes);
    try (URLClassLoader classPath = classPath()) {
      ClientJar jar = new ClientJar(classPath);

      GatewayResponse file = jar.file();
      GatewayResponse digest = jar.digest();

      assertEquals(200, file.status());
      assertTrue(file.binary());
      assertArrayEquals(bytes, file.body().toByteArray());
      assertEquals("application/java-archive", file.headers().get("content-type"));
      assertEquals("public, max-age=600", file.headers().get("cache-control"));
      assertEquals(
          "attachment; filename=\"hookwell.jar\"", file.headers().get("content-disposition"));
      assertEquals(200, digest.status());
      assertEquals(
          "32c5298373643a70f302359fcc0d482269cfe8feedfa635f874bd546a71be65c  hookwell.jar\n",
          text(digest));
    }
  }

  @Test
  void aSystemWithoutItSaysHowItIsBuilt() throws IOException {
    try (URLClassLoader classPath = classPath()) {
      ClientJar jar = new ClientJar(classPath);

      assertEquals(404, jar.file().status());
      assertEquals(404, jar.digest().status());
      assertTrue(text(jar.digest()).contains("./hookwell in the repository builds it"));
    }
  }

  private URLClassLoader classPath() throws IOException {
    return new URLClassLoader(new URL[] {folder.toUri().toURL()}, null);
  }

  private static String text(GatewayResponse response) {
    return new String(response.body().toByteArray(), StandardCharsets.UTF_8);
  }
}

package dev.hookwell.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.capture.Note;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every note of a capture is described to those who read it. */
final class NotesTest {
  private static List<String> names() {
    return Arrays.stream(Note.class.getDeclaredFields())
        .filter(field -> field.getType() == Note.class)
        .map(NotesTest::name)
        .toList();
  }

  private static String name(Field field) {
    try {
      return ((Note) field.get(null)).name();
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theGuideHasARowForEach() throws IOException {
    String guide = Files.readString(Path.of("../docs/api.md"));
    for (String name : names()) {
      assertTrue(guide.contains("\n| `" + name + "` |"), name);
    }
  }

  @Test
  void openApiNamesAllOfThem() throws IOException {
    String all = names().stream().collect(Collectors.joining(", "));
    try (InputStream file = NotesTest.class.getResourceAsStream("openapi.json")) {
      String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(2, text.split("on the way: " + all + "\"", -1).length);
    }
  }
}

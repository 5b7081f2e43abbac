package dev.hookwell.local.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestBodyTest {
  private static final RequestBody.Room ENOUGH = (_, _) -> true;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1023, 1024, 1025, 65_535, 65_536, 65_537, 131_072, 1_000_000})
  void bytesComeOutAsTheyWentInWhateverThePieces(int size) throws IOException {
    byte[] bytes = new byte[size];
    Random random = new Random(size);
    random.nextBytes(bytes);
    RequestBody body = new RequestBody();
    int position = 0;
    while (position < size) {
      int length = Math.min(size - position, 1 + random.nextInt(9_000));
      assertTrue(body.append(Buffer.buffer(bytes).getBuffer(position, position + length), ENOUGH));
      position += length;
    }
    assertEquals(size, body.size());
    assertEquals(size == 0, body.isEmpty());
    assertArrayEquals(bytes, body.open().readAllBytes());
    assertEquals(new String(bytes, UTF_8), body.text());
  }

  /** A body of single bytes takes as many bytes of room, and at most twice as many. */
  @Test
  void roomIsTakenAsTheBodyGrows() {
    RequestBody body = new RequestBody();
    int[] taken = {0};
    RequestBody.Room room =
        (held, bytes) -> {
          assertEquals(taken[0], held);
          taken[0] += bytes;
          return true;
        };
    for (int i = 1; i <= 200_000; i++) {
      body.append(Buffer.buffer("x"), room);
      assertTrue(taken[0] >= i);
      assertTrue(taken[0] <= Math.max(1024, Math.min(2 * i, i + 65_536)), taken[0] + " for " + i);
    }
  }

  @Test
  void withoutRoomNothingMoreIsTaken() {
    RequestBody body = new RequestBody();
    RequestBody.Room room = (held, _) -> held < 4096;
    assertTrue(body.append(Buffer.buffer(new byte[4096]), room));
    assertFalse(body.append(Buffer.buffer("x"), room));
  }

  @Test
  void aBodyThatWasGivenUpIsEmpty() throws IOException {
    RequestBody body = RequestBody.of(new byte[100_000]);
    body.clear();
    assertTrue(body.isEmpty());
    assertEquals(0, body.open().readAllBytes().length);
  }

  @Test
  void itsLengthAsJsonIsWhatItTakesThere() throws IOException {
    StringBuilder every = new StringBuilder();
    for (char c = 0; c < 0x800; c++) {
      every.append(c);
    }
    String text = every.append("\u20ac\uffff").toString();
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    try (JsonGenerator generator = new JsonFactory().createGenerator(json)) {
      generator.writeString(text);
    }
    assertEquals(json.size() - 2, RequestBody.of(text.getBytes(UTF_8)).jsonLength());
    // Twelve, as two escapes.
    assertEquals(4, RequestBody.of("\ud83d\ude00".getBytes(UTF_8)).jsonLength());
  }
}

package dev.hookwell.capture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;

final class EnvelopeFuzzTest {
  @FuzzTest(maxDuration = "3m")
  void whateverIsReadIsWrittenInAsciiAndReadBackEqual(byte[] input) {
    if (EnvelopeReader.read(new String(input, UTF_8)) instanceof EnvelopeReading.Read(Capture read)
        && read.body().encoding() == BodyEncoding.PLAIN) {
      String text = EnvelopeWriter.write(read).text();

      assertTrue(text.chars().allMatch(c -> c >= 0x20 && c <= 0x7E), text);
      assertEquals(new EnvelopeReading.Read(read), EnvelopeReader.read(text));
    }
  }
}

package dev.hookwell.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.hookwell.capture.Shows;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ParametersTest {
  private static final Set<String> KNOWN = Set.of("limit", "after");

  @Test
  void valuesAreDecodedAndAbsentOnesAreEmpty() {
    Parameters parameters = Parameters.read("limit=1%30&after", KNOWN);

    assertEquals(Optional.of(10L), parameters.number("limit", 1, 500));
    assertEquals(Optional.of(""), parameters.text("after"));
    assertEquals(Optional.empty(), Parameters.read("", KNOWN).text("after"));
  }

  @ParameterizedTest
  @CsvSource({
    "limit=1&limit=2, limit",
    "limit=1&l%69mit=1, limit",
    "Limit=1, Limit",
    "key=secret, key",
    "a%3Cb=1, ?",
    "%zz=1, ?",
    "limit=%zz, limit",
    "limit=1&, ?",
    "=1, ?"
  })
  void aWrongParameterIsNamed(String query, String named) {
    ProblemException refusal =
        assertThrows(ProblemException.class, () -> Parameters.read(query, KNOWN));

    assertEquals(400, refusal.problem().type().status());
    assertEquals(named, refusal.problem().members().get("parameter"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "501",
        "-1",
        "+1",
        "1e2",
        "abc",
        " 5",
        "5.0",
        "0x5",
        "99999999999999999999"
      })
  void aNumberOutsideItsRangeIsRefused(String value) {
    Parameters parameters = Parameters.read("limit=" + value.replace("+", "%2B"), KNOWN);

    ProblemException refusal =
        assertThrows(ProblemException.class, () -> parameters.number("limit", 1, 500));

    assertEquals("limit", refusal.problem().members().get("parameter"));
  }

  @Test
  @Shows("S10c")
  void aNumberAtItsLimitsIsTaken() {
    assertEquals(Optional.of(1L), Parameters.read("limit=1", KNOWN).number("limit", 1, 500));
    assertEquals(Optional.of(500L), Parameters.read("limit=500", KNOWN).number("limit", 1, 500));
    assertEquals(
        Optional.of(Long.MAX_VALUE),
        Parameters.read("after=" + Long.MAX_VALUE, KNOWN).number("after", 0, Long.MAX_VALUE));
  }
}

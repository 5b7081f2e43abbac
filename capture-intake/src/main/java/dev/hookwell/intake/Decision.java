package dev.hookwell.intake;

import dev.hookwell.capture.DecidedResponse;
import dev.hookwell.capture.GatewayResponse;
import dev.hookwell.capture.Note;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The response to a kept request, and the notes that its capture gets. */
public sealed interface Decision {
  List<Note> notes();

  /** Status 200 and the capture's id. */
  record Plain(List<Note> notes) implements Decision {
    /** Without notes. */
    public static final Plain USUAL = new Plain(List.of());

    public Plain {
      notes = List.copyOf(notes);
    }
  }

  record OfHandshake(Handshake handshake, List<Note> notes) implements Decision {
    public OfHandshake {
      notes = List.copyOf(notes);
    }
  }

  /**
   * The response of an owner's script.
   *
   * @param step its number in the script, from 1
   * @param delay the time to wait after the queue has the capture
   */
  record OfScript(GatewayResponse response, int step, Duration delay, List<Note> notes)
      implements Decision {
    public OfScript {
      notes = List.copyOf(notes);
    }
  }

  /** The response as the capture records it; empty for the plain response. */
  default Optional<DecidedResponse> told() {
    return switch (this) {
      case Plain plain -> Optional.empty();
      case OfHandshake(Handshake handshake, var _) -> Optional.of(handshake.decided());
      case OfScript(GatewayResponse response, int step, var _, var _) ->
          Optional.of(new DecidedResponse.OfScript(response.status(), step));
    };
  }
}

package dev.hookwell.intake;

import dev.hookwell.capture.HookId;
import java.util.Optional;
import java.util.UUID;

/**
 * A request as far as its response depends on it.
 *
 * @param handshake the handshake that it is by its shape, where they are answered at all
 */
public record Received(HookId hook, String method, UUID captureId, Optional<Handshake> handshake) {}

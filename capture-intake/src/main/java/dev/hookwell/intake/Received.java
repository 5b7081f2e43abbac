package dev.hookwell.intake;

import dev.hookwell.capture.HookId;
import java.util.Optional;
import java.util.UUID;

/**
 * The parts of a request on which its response depends.
 *
 * @param handshake the handshake that it is by its shape; empty for none, and where handshakes are
 *     off
 */
public record Received(HookId hook, String method, UUID captureId, Optional<Handshake> handshake) {}

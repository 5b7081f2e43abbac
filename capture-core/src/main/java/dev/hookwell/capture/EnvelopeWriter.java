package dev.hookwell.capture;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Writes envelope version 1. The form is pinned by golden files in {@code wire/}. */
public final class EnvelopeWriter {
  static final int VERSION = 1;

  private static final int GZIP_NAME_EXCESS =
      BodyEncoding.GZIP.wireName().length() - BodyEncoding.PLAIN.wireName().length();

  private EnvelopeWriter() {}

  /**
   * Writes a capture whose body is plain. The body is compressed where that saves an SQS billing
   * unit or makes it fit, and left out with the note {@code body-too-large} where it is over {@link
   * CapturedBody#MAX_BYTES} or does not fit at all.
   */
  public static Envelope write(Capture capture) {
    return write(capture, false);
  }

  /**
   * The same, but a body that does not fit is recorded as an object. The caller has to put the
   * object before it sends the envelope.
   */
  public static Envelope writeWithBodyApart(Capture capture) {
    return write(capture, true);
  }

  private static Envelope write(Capture capture, boolean apart) {
    if (capture.body().size() > CapturedBody.MAX_BYTES) {
      return withoutBytes(capture);
    }
    // Nearly all captures fit one billing unit; they are written without measuring the head first.
    if (base64Length(capture.body().data().size()) < Envelope.BILLING_UNIT_BYTES) {
      String text = write(capture, capture.body().data());
      if (text.length() <= Envelope.BILLING_UNIT_BYTES) {
        return new Envelope(capture, text);
      }
    }
    int head = write(capture, Body.EMPTY).length();
    long plain = head + base64Length(capture.body().data().size());
    // Compressing the whole body would take longer than putting it as an object.
    if (apart
        && plain > Envelope.MAX_BYTES
        && !Compressibility.mayFit(capture.body().data(), Envelope.MAX_BYTES * 3L / 4)) {
      return withBodyApart(capture);
    }
    CapturedBody gzipped = capture.body().gzipped();
    long packed = head + GZIP_NAME_EXCESS + base64Length(gzipped.data().size());
    if (Math.min(plain, packed) > Envelope.MAX_BYTES) {
      return apart ? withBodyApart(capture) : withoutBytes(capture);
    }
    Capture chosen =
        billingUnits(packed) < billingUnits(plain)
            ? with(capture, gzipped, capture.notes())
            : capture;
    return new Envelope(chosen, write(chosen, chosen.body().data()));
  }

  /** An empty body makes no object: here it is the head that does not fit. */
  private static Envelope withBodyApart(Capture capture) {
    if (capture.body().data().isEmpty()) {
      return withoutBytes(capture);
    }
    Capture bare = with(capture, capture.body().apart(), capture.notes());
    return new Envelope(bare, write(bare, Body.EMPTY));
  }

  private static Envelope withoutBytes(Capture capture) {
    List<Note> notes = new ArrayList<>(capture.notes());
    notes.add(Note.BODY_TOO_LARGE);
    Capture bare = with(capture, capture.body().withoutBytes(), notes);
    return new Envelope(bare, write(bare, Body.EMPTY));
  }

  private static Capture with(Capture capture, CapturedBody body, List<Note> notes) {
    return new Capture(
        capture.id(),
        capture.hook(),
        capture.receivedAt(),
        capture.request(),
        body,
        capture.response(),
        notes);
  }

  private static long base64Length(long bytes) {
    return (bytes + 2) / 3 * 4;
  }

  private static long billingUnits(long bytes) {
    return Math.ceilDiv(bytes, (long) Envelope.BILLING_UNIT_BYTES);
  }

  private static String write(Capture capture, Body data) {
    RequestHead request = capture.request();
    int likely = 2048 + (int) base64Length(data.size());
    return JsonBytes.text(
        WireJson.ASCII,
        likely,
        json -> {
          json.writeNumberField("v", VERSION);
          json.writeStringField("id", capture.id().toString());
          json.writeStringField("hook", capture.hook().text());
          json.writeNumberField("at", capture.receivedAt().toEpochMilli());
          json.writeStringField("edge", request.edge());
          json.writeStringField("method", request.method());
          json.writeStringField("path", request.path());
          json.writeStringField("query", request.query());
          json.writeStringField("protocol", request.protocol());
          json.writeStringField("ip", request.sourceIp());
          WireJson.writeHeaders(json, request.headers());
          WireJson.writeCookies(json, request.cookies());
          json.writeObjectFieldStart("body");
          json.writeStringField("enc", capture.body().encoding().wireName());
          json.writeFieldName("data");
          // The generator's own base64 showed up in profiles of long bodies.
          byte[] encoded = Base64.getEncoder().encode(data.array());
          json.writeRawUTF8String(encoded, 0, encoded.length);
          json.writeNumberField("size", capture.body().size());
          json.writeStringField("sha256", capture.body().sha256().hex());
          json.writeEndObject();
          WireJson.writeResponse(json, capture.response());
          WireJson.writeNotes(json, capture.notes());
        });
  }
}

package dev.hookwell.capture;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

/** Immutable bytes. Two bodies are equal when their bytes are. */
public final class Body {
  /** The body of a request that had none, or an empty one: the two are the same. */
  public static final Body EMPTY = new Body(new byte[0]);

  private final byte[] bytes;

  private Body(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A body with a copy of {@code bytes}. */
  public static Body copyOf(byte[] bytes) {
    return new Body(bytes.clone());
  }

  /** Takes {@code bytes} over without a copy: the caller must not keep a reference. */
  static Body owning(byte[] bytes) {
    return new Body(bytes);
  }

  public int size() {
    return bytes.length;
  }

  public boolean isEmpty() {
    return bytes.length == 0;
  }

  /** A fresh copy of the bytes. */
  public byte[] toByteArray() {
    return bytes.clone();
  }

  public InputStream open() {
    return new ByteArrayInputStream(bytes);
  }

  public void writeTo(OutputStream out) throws IOException {
    out.write(bytes);
  }

  /** The array itself, for code of this package that only reads it. */
  byte[] array() {
    return bytes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Body that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** The size only: a body never reaches a log. */
  @Override
  public String toString() {
    return "Body[" + bytes.length + " bytes]";
  }
}

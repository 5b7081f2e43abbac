package dev.hookwell.web;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.zip.GZIPInputStream;

/**
 * The page's files: the page itself, the terms, and assets that are only found under the hash of
 * the whole tree, so that they may be cached for ever. Those of a folder are found under a fixed
 * name. Immutable and safe for use by many threads.
 */
public final class PageFiles {
  private static final String LIT_HTML = "lit/lit-html.js";

  private final byte[] index;
  private final byte[] terms;
  private final String hash;
  private final Map<String, Asset> assets;

  private PageFiles(byte[] index, byte[] terms, String hash, Map<String, Asset> assets) {
    this.index = index;
    this.terms = terms;
    this.hash = hash;
    this.assets = Map.copyOf(assets);
  }

  /** Reads all files (well under 200 KB) from the class path. */
  public static PageFiles load() {
    String[] lines = new String(read("assets.tsv"), StandardCharsets.UTF_8).split("\n", -1);
    String hash = "";
    Map<String, Asset> assets = new HashMap<>();
    for (String line : lines) {
      String[] fields = line.split("\t", -1);
      if (fields.length == 2) {
        hash = fields[1];
      } else if (fields.length == 3) {
        byte[] gzipped = read("assets/" + fields[0] + ".gz");
        assets.put(fields[0], new Asset(fields[1], Integer.parseInt(fields[2]), gzipped));
      }
    }
    return new PageFiles(read("index.html"), read("terms.html"), hash, assets);
  }

  /**
   * Reads the sources in a folder as they are now, and lit-html from the class path.
   *
   * @throws UncheckedIOException when they cannot be read
   */
  public static PageFiles ofFolder(Path folder) {
    PageSources sources = new PageSources(folder);
    String name = "sources";
    try {
      SortedMap<String, byte[]> contents = sources.assets();
      contents.put(LIT_HTML, gunzip(read("assets/" + LIT_HTML + ".gz")));
      Map<String, Asset> assets = new HashMap<>();
      contents.forEach((asset, bytes) ->
          PageSources.contentType(asset)
              .ifPresent(type -> assets.put(asset, new Asset(type, bytes.length, bytes))));
      return new PageFiles(
          sources.html("index.html", name).getBytes(StandardCharsets.UTF_8),
          sources.html("terms.html", name).getBytes(StandardCharsets.UTF_8),
          name,
          assets);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] gunzip(byte[] gzipped) throws IOException {
    return new GZIPInputStream(new ByteArrayInputStream(gzipped)).readAllBytes();
  }

  /** The page itself, {@code text/html; charset=utf-8}, not gzipped; a fresh copy. */
  public byte[] index() {
    return index.clone();
  }

  /** What the site keeps and what it is for, in the same form. */
  public byte[] terms() {
    return terms.clone();
  }

  /** What the assets' paths start with. */
  public String hash() {
    return hash;
  }

  /**
   * The asset at a path below {@code /assets/}: {@code {hash}/app.js}. Empty for any other hash or
   * name.
   */
  public Optional<Asset> find(String pathUnderAssets) {
    String prefix = hash + "/";
    return pathUnderAssets.startsWith(prefix)
        ? Optional.ofNullable(assets.get(pathUnderAssets.substring(prefix.length())))
        : Optional.empty();
  }

  /** The names of all assets, and each asset. */
  Map<String, Asset> assets() {
    return assets;
  }

  private static byte[] read(String name) {
    try (InputStream in = PageFiles.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("The page was not packed: " + name + " is missing");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One file as it is served: with {@code Content-Encoding: gzip}, unless it is of a folder. */
  public static final class Asset {
    private final String contentType;
    private final int size;
    private final byte[] bytes;

    private Asset(String contentType, int size, byte[] bytes) {
      this.contentType = contentType;
      this.size = size;
      this.bytes = bytes;
    }

    public String contentType() {
      return contentType;
    }

    /** The size in bytes before gzip. */
    public int size() {
      return size;
    }

    /** A fresh copy of the bytes that are sent. */
    public byte[] bytes() {
      return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Asset that
          && contentType.equals(that.contentType)
          && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
      return "Asset[" + contentType + ", " + size + " bytes]";
    }
  }
}

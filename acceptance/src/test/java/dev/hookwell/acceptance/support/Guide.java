package dev.hookwell.acceptance.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A page of the documentation, as text. */
public record Guide(Path file, String text) {
  public static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static final Pattern FENCED =
      Pattern.compile("^ *```(\\w*)\\n(.*?)^ *```$", Pattern.DOTALL | Pattern.MULTILINE);
  private static final Pattern LINK =
      Pattern.compile("\\]\\(([^)\\s]+)\\)|(?:src|href)=\"([^\"]+)\"");
  private static final Pattern HEADING = Pattern.compile("^#+ (.+)$", Pattern.MULTILINE);

  /** A command in the text of a page, which a reader can copy out of a line. */
  private static final Pattern INLINE_COMMAND = Pattern.compile("`(aws [^`]+)`");

  private static final Pattern SUBSTITUTION = Pattern.compile("\\$\\(([^()]*)\\)");

  public static Guide read(String name) {
    return read(ROOT.resolve(name));
  }

  public static Guide read(Path file) {
    try {
      return new Guide(file, Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every page of the repository that people read. */
  public static List<Guide> all() {
    try (Stream<Path> top = Files.list(ROOT);
        Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      return Stream.concat(top, docs)
          .filter(file -> file.toString().endsWith(".md"))
          .sorted()
          .map(Guide::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The fenced blocks of a language; all that name none for an empty one. */
  public List<String> blocks(String language) {
    return FENCED
        .matcher(text)
        .results()
        .filter(block -> block.group(1).equals(language))
        .map(block -> block.group(2))
        .toList();
  }

  /** Where its links lead that name no other site, outside of fenced blocks. */
  public List<String> links() {
    return LINK.matcher(FENCED.matcher(text).replaceAll(""))
        .results()
        .map(link -> link.group(1) == null ? link.group(2) : link.group(1))
        .filter(target -> !target.matches("[a-z]+:.*"))
        .toList();
  }

  /** The anchors of its headings, as links have them after the #. */
  public Set<String> anchors() {
    return HEADING
        .matcher(FENCED.matcher(text).replaceAll(""))
        .results()
        .map(heading ->
            heading
                .group(1)
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  /** All lines of the AWS CLI, each on its own, without a shell's substitutions. */
  public Set<String> awsCommands() {
    Set<String> commands = new LinkedHashSet<>();
    Stream.concat(
            Stream.of("sh", "").flatMap(language -> blocks(language).stream()),
            INLINE_COMMAND.matcher(text).results().map((MatchResult found) -> found.group(1)))
        .map(block -> block.replaceAll("\\\\\\n\\s*", " "))
        .flatMap(String::lines)
        .forEach(line -> addAwsCommands(line, commands));
    return commands;
  }

  private static void addAwsCommands(String line, Set<String> commands) {
    List<String> parts = new ArrayList<>();
    String rest = line;
    for (Matcher inner = SUBSTITUTION.matcher(rest); inner.find(); ) {
      parts.add(inner.group(1));
      rest = rest.substring(0, inner.start()) + "VALUE" + rest.substring(inner.end());
      inner = SUBSTITUTION.matcher(rest);
    }
    parts.add(rest);
    for (String part : parts) {
      int start = part.indexOf("aws ");
      if (start >= 0) {
        commands.add(part.substring(start).replaceFirst("( >|; | && | \\|).*", "").strip());
      }
    }
  }
}

package dev.hookwell.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.capture.Shows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the page's own sources may not contain, so that captured text can never run. */
final class PageSourceTest {
  private static final Path PAGE = Path.of("src/main/page");

  /** What turns text into markup, script or style. */
  private static final Pattern SINK =
      Pattern.compile(
          "innerHTML|outerHTML|insertAdjacentHTML|document\\.write|\\beval\\b|new Function|srcdoc"
              + "|setHTML|createContextualFragment|DOMParser|unsafeHTML|unsafeSVG"
              + "|set(?:Timeout|Interval)\\(\\s*[\"'`]|javascript:|cssText|insertRule|\\.style\\b");

  private static final Pattern STATIC_IMPORT =
      Pattern.compile("^(?:import|export) .*?from \"([^\"]+)\";", Pattern.MULTILINE);
  private static final Pattern ANY_IMPORT = Pattern.compile("(?:from |import\\()\"([^\"]+)\"");
  private static final Pattern ASSET = Pattern.compile("/assets/@hash@/([^\"]+)\"");
  private static final Pattern PRELOADED =
      Pattern.compile("rel=\"modulepreload\" href=\"/assets/@hash@/([^\"]+)\"");

  private static final Pattern LATER =
      Pattern.compile("\\w+: \\(\\) => .*?import\\(\"\\./([^\"]+)\"\\)");

  /** Which the page starts by its address, and imports nowhere. */
  private static final String WORKER = "reader-worker.js";

  private static final Pattern PANELS =
      Pattern.compile("const PANELS = \\[(.*?)];", Pattern.DOTALL);

  private static final String ALL_PANELS = "PANELS.join(\" \")";

  /** Three groups, each of several strings. */
  private static final Pattern WARM =
      Pattern.compile("const WARM = \\{" + "\\s+\\w+:([^:]+),\n".repeat(3) + "\\};");

  private static final Pattern NAMES = Pattern.compile("\"([^\"]+)\"");

  private final String index = read(PAGE.resolve("index.html"));
  private final String terms = read(PAGE.resolve("terms.html"));

  @Test
  @Shows("S15")
  void htmlHasNoInlineScriptStyleOrHandler() {
    for (String page : List.of(index, terms)) {
      assertFalse(find("<style", page));
      assertFalse(find("\\sstyle\\s*=", page));
      assertFalse(find("\\son[a-z]+\\s*=", page));
      assertFalse(find("<script(?![^>]*\\ssrc=\")", page));
      assertFalse(find("<script[^>]*>[^<]", page));
      assertFalse(find("<(?:iframe|object|embed|base|form)\\b", page));
      assertFalse(find("(?:src|href)=\"(?!/assets/@hash@/)", page), "only our own assets");
    }
  }

  @Test
  @Shows("S15")
  void templatesHaveNoInlineStyleOrHandler() {
    for (Path source : scripts()) {
      String code = read(source);
      assertFalse(find("<style|<script", code), source + " makes a style or script element");
      assertFalse(find("[\\s\"]style=", code), source + " has a style attribute");
      assertFalse(find("<[^>]*\\son[a-z]+=", code), source + " has a handler attribute");
    }
  }

  @Test
  @Shows("S16")
  void nothingTurnsTextIntoMarkupOrCode() {
    for (Path source : scripts()) {
      List<String> sinks = SINK.matcher(read(source)).results().map(MatchResult::group).toList();
      assertEquals(List.of(), sinks, source.toString());
    }
  }

  @Test
  @Shows("S22")
  void noOtherHostIsNamed() {
    for (Path source : sources()) {
      String text = read(source).replace("http://www.w3.org/2000/svg", "");
      assertFalse(find("(?:https?:)?//[a-z0-9-]+\\.[a-z]", text), source.toString());
    }
  }

  @Test
  void importsAreRelativeAndPacked() {
    PageFiles page = PageFiles.load();
    for (Path source : scripts()) {
      for (String imported : imports(ANY_IMPORT, source)) {
        assertTrue(imported.startsWith("./"), source + " imports " + imported);
        assertTrue(
            page.find(page.hash() + "/" + imported.substring(2)).isPresent(),
            source + " imports " + imported);
      }
    }
  }

  @Test
  void everyModuleOfTheFirstScreenIsPreloadedAndNoOther() {
    assertEquals(firstScreen(), new TreeSet<>(matches(PRELOADED, index)));
  }

  @Test
  void everyModuleThatComesLaterIsWarmedUpAndNoOther() {
    List<String> entries = new ArrayList<>(imports(LATER, PAGE.resolve("app.js")));
    entries.add(WORKER);
    entries.addAll(names(panels()));
    Set<String> later = graph(entries);
    later.removeAll(firstScreen());
    Set<String> warm = warm(1);
    warm.addAll(warm(2));
    warm.addAll(warm(3));
    assertEquals(later, warm);
  }

  @Test
  void rowsWaitForNoModuleThatIsWarmedUpLater() {
    Set<String> rows = graph(List.of("workspace.js", "opening.js", "attention.js"));
    rows.removeAll(firstScreen());
    assertEquals(rows, warm(1));
  }

  private static Set<String> warm(int group) {
    return names(inApp(WARM, group).replace(ALL_PANELS, panels()));
  }

  private static String panels() {
    return inApp(PANELS, 1);
  }

  private static String inApp(Pattern list, int group) {
    Matcher found = list.matcher(read(PAGE.resolve("app.js")));
    assertTrue(found.find(), list.pattern());
    return found.group(group);
  }

  /** The modules that the strings of some code name. */
  private static Set<String> names(String code) {
    return matches(NAMES, code).stream()
        .flatMap(names -> Stream.of(names.strip().split(" ")))
        .map(name -> name + ".js")
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void firstLoadTakesTwelveRequestsAtMost() {
    Set<String> assets = new TreeSet<>(matches(ASSET, index));
    int document = 1;
    int creation = 1;
    assertTrue(document + assets.size() + creation <= 12, assets.toString());
  }

  @Test
  void firstLoadWeighsAtMost40Kilobytes() {
    PageFiles page = PageFiles.load();
    int weight = page.index().length;
    for (String asset : new TreeSet<>(matches(ASSET, index))) {
      weight += page.find(page.hash() + "/" + asset).orElseThrow().bytes().length;
    }
    assertTrue(weight <= 40_000, weight + " bytes");
  }

  /** What app.js needs before it can draw, itself left out. */
  private static Set<String> firstScreen() {
    Set<String> modules = graph(List.of("app.js"));
    modules.remove("app.js");
    return modules;
  }

  /** These modules, and all that they import before they can run. */
  private static Set<String> graph(List<String> names) {
    Set<String> modules = new TreeSet<>(names);
    Deque<String> open = new ArrayDeque<>(names);
    while (!open.isEmpty()) {
      String module = open.pop();
      if (module.startsWith("lit/")) {
        continue;
      }
      for (String imported : imports(STATIC_IMPORT, PAGE.resolve(module))) {
        String name = imported.substring(2);
        if (modules.add(name)) {
          open.push(name);
        }
      }
    }
    return modules;
  }

  private static List<String> imports(Pattern pattern, Path source) {
    return matches(pattern, read(source));
  }

  private static List<String> matches(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(match -> match.group(1)).toList();
  }

  private static boolean find(String pattern, String text) {
    return Pattern.compile(pattern, Pattern.CASE_INSENSITIVE).matcher(text).find();
  }

  private static List<Path> scripts() {
    return sources().stream().filter(source -> source.toString().endsWith(".js")).toList();
  }

  private static List<Path> sources() {
    try (Stream<Path> files = Files.walk(PAGE)) {
      return files.filter(Files::isRegularFile).collect(Collectors.toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

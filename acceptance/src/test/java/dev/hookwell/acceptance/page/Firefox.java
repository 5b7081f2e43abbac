package dev.hookwell.acceptance.page;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.hookwell.local.Deadline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One tab of the Firefox that is installed on this machine, the one of {@code FIREFOX} or that on
 * the PATH, by WebDriver BiDi: Playwright drives none but its own.
 */
final class Firefox implements AutoCloseable {
  private static final List<String> NAMES = List.of("firefox-esr", "firefox");
  private static final Pattern LISTENS = Pattern.compile("WebDriver BiDi listening on (ws://\\S+)");
  private static final int PATIENCE_SECONDS = 60;
  private static final String OUTPUT = "output.txt";

  private final Process process;
  private final Path profile;
  private final WebSocket socket;
  private final Map<Integer, CompletableFuture<JsonObject>> answers = new ConcurrentHashMap<>();
  private final List<String> errors = new CopyOnWriteArrayList<>();
  private final AtomicInteger calls = new AtomicInteger();
  private String tab = "";

  private Firefox(Process process, Path profile, URI address) {
    this.process = process;
    this.profile = profile;
    this.socket =
        HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(address, new Ear()).join();
  }

  static Optional<Path> find(Map<String, String> environment) {
    return Installed.find(environment, "FIREFOX", NAMES);
  }

  /** Takes seconds. */
  static Firefox start(Path executable) throws IOException {
    Path profile = Files.createTempDirectory("hookwell-firefox");
    Process process =
        new ProcessBuilder(
                executable.toString(),
                "--headless",
                "--no-remote",
                "--remote-debugging-port=0",
                "--profile",
                profile.toString())
            .redirectErrorStream(true)
            .redirectOutput(profile.resolve(OUTPUT).toFile())
            .start();
    Firefox firefox = new Firefox(process, profile, URI.create(address(profile) + "/session"));
    firefox.call("session.new", "{\"capabilities\":{}}");
    firefox.call("session.subscribe", "{\"events\":[\"log.entryAdded\"]}");
    JsonObject tree = firefox.call("browsingContext.getTree", "{}");
    firefox.tab =
        tree.getAsJsonArray("contexts").get(0).getAsJsonObject().get("context").getAsString();
    return firefox;
  }

  private static String address(Path profile) throws IOException {
    Deadline deadline = Deadline.inSeconds(PATIENCE_SECONDS);
    while (true) {
      String output = Files.readString(profile.resolve(OUTPUT));
      Matcher told = LISTENS.matcher(output);
      if (told.find()) {
        return told.group(1);
      }
      deadline.check("Firefox does not listen: " + output);
    }
  }

  void open(String address) {
    JsonObject parameters = inTab();
    parameters.addProperty("url", address);
    parameters.addProperty("wait", "complete");
    call("browsingContext.navigate", parameters.toString());
  }

  void reload() {
    JsonObject parameters = inTab();
    parameters.addProperty("wait", "complete");
    call("browsingContext.reload", parameters.toString());
  }

  /** The value of an expression as text; of a promise, once it is fulfilled. */
  String evaluate(String expression) {
    JsonObject target = inTab();
    JsonObject parameters = new JsonObject();
    parameters.addProperty("expression", "(async () => String(await (" + expression + ")))()");
    parameters.add("target", target);
    parameters.addProperty("awaitPromise", true);
    JsonObject answer = call("script.evaluate", parameters.toString());
    JsonElement result = answer.get("result");
    if (result == null) {
      throw new AssertionError(expression + ": " + answer);
    }
    return result.getAsJsonObject().get("value").getAsString();
  }

  /** Waits until an expression is true. */
  void await(String condition) {
    Deadline deadline = Deadline.inSeconds(PATIENCE_SECONDS);
    while (!evaluate(condition).equals("true")) {
      deadline.check("never " + condition + ", but " + evaluate("document.body.innerText"));
    }
  }

  /** Presses these keys, one after the other. */
  void press(String keys) {
    JsonArray presses = new JsonArray();
    keys.codePoints()
        .mapToObj(Character::toString)
        .forEach(key -> {
          for (String type : List.of("keyDown", "keyUp")) {
            JsonObject press = new JsonObject();
            press.addProperty("type", type);
            press.addProperty("value", key);
            presses.add(press);
          }
        });
    JsonObject keyboard = new JsonObject();
    keyboard.addProperty("type", "key");
    keyboard.addProperty("id", "keyboard");
    keyboard.add("actions", presses);
    JsonArray all = new JsonArray();
    all.add(keyboard);
    JsonObject parameters = inTab();
    parameters.add("actions", all);
    call("input.performActions", parameters.toString());
  }

  /** Errors and warnings that the page or the browser wrote to the console. */
  List<String> errors() {
    return List.copyOf(errors);
  }

  private JsonObject inTab() {
    JsonObject parameters = new JsonObject();
    parameters.addProperty("context", tab);
    return parameters;
  }

  private JsonObject call(String method, String parameters) {
    int id = calls.incrementAndGet();
    CompletableFuture<JsonObject> answer = new CompletableFuture<>();
    answers.put(id, answer);
    socket
        .sendText(
            "{\"id\":%d,\"method\":\"%s\",\"params\":%s}".formatted(id, method, parameters), true)
        .join();
    JsonObject message = answer.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    if (!message.has("result")) {
      throw new AssertionError(method + ": " + message);
    }
    return message.getAsJsonObject("result");
  }

  /** Takes responses, which may come in pieces, and messages of the console. */
  private final class Ear implements WebSocket.Listener {
    private final StringBuilder heard = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
      heard.append(data);
      if (last) {
        JsonObject message = JsonParser.parseString(heard.toString()).getAsJsonObject();
        heard.setLength(0);
        if (message.has("id") && !message.get("id").isJsonNull()) {
          answers.remove(message.get("id").getAsInt()).complete(message);
        } else if (message.has("params")) {
          note(message.getAsJsonObject("params"));
        }
      }
      webSocket.request(1);
      return CompletableFuture.completedStage(null);
    }

    private void note(JsonObject entry) {
      if (entry.has("level")
          && List.of("error", "warn").contains(entry.get("level").getAsString())) {
        errors.add(entry.get("text").getAsString());
      }
    }
  }

  @Override
  public void close() {
    socket.abort();
    process.destroy();
    try {
      process.waitFor();
      List<Path> all;
      try (Stream<Path> walk = Files.walk(profile)) {
        all = walk.sorted(Comparator.reverseOrder()).toList();
      }
      for (Path path : all) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

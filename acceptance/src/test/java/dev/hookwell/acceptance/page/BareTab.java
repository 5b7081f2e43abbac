package dev.hookwell.acceptance.page;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.CDPSession;
import dev.hookwell.local.Deadline;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A tab that Playwright does not hold, driven by the DevTools protocol alone. Those that it holds
 * believe for ever that they are in front; this one is hidden when another one covers it.
 */
final class BareTab implements AutoCloseable {
  private final CDPSession browser;
  private final String target;
  private final String session;
  private final Map<Integer, JsonObject> answers = new HashMap<>();
  private int calls;

  private BareTab(CDPSession browser, String address) {
    this.browser = browser;
    browser.on("Target.receivedMessageFromTarget", this::received);
    this.target = call("Target.createTarget", "url", address).get("targetId").getAsString();
    this.session = call("Target.attachToTarget", "targetId", target).get("sessionId").getAsString();
  }

  static BareTab open(Browser browser, String address) {
    return new BareTab(browser.newBrowserCDPSession(), address);
  }

  /** Opens an empty tab over this one. */
  void cover() {
    call("Target.createTarget", "url", "about:blank");
  }

  void bringToFront() {
    call("Target.activateTarget", "targetId", target);
  }

  /** The value of an expression as text. */
  String evaluate(String expression) {
    JsonObject answer = ask(expression);
    return value(answer).orElseThrow(() -> new AssertionError(expression + ": " + answer));
  }

  /** Waits until an expression is true. While the page is still loading, none has a value. */
  void await(String condition) {
    Deadline deadline = Deadline.inSeconds(20);
    JsonObject answer = ask(condition);
    while (!value(answer).equals(Optional.of("true"))) {
      deadline.check(
          "never " + condition + ", but " + answer + " in " + ask("document.body.innerText"));
      answer = ask(condition);
    }
  }

  private JsonObject ask(String expression) {
    int id = ++calls;
    JsonObject parameters = new JsonObject();
    parameters.addProperty("expression", "String(" + expression + ")");
    JsonObject message = new JsonObject();
    message.addProperty("id", id);
    message.addProperty("method", "Runtime.evaluate");
    message.add("params", parameters);
    JsonObject wrapped = new JsonObject();
    wrapped.addProperty("sessionId", session);
    wrapped.addProperty("message", message.toString());
    browser.send("Target.sendMessageToTarget", wrapped);
    Deadline deadline = Deadline.inSeconds(20);
    while (!answers.containsKey(id)) {
      deadline.check("no answer to " + expression);
      // Answers are only heard while something is asked.
      browser.send("Browser.getVersion");
    }
    return answers.remove(id);
  }

  /**
   * Empty if the expression threw, or if the tab had no document to ask in: one that goes from its
   * first, empty document to the page's answers with {@code error} and without {@code result}.
   */
  private static Optional<String> value(JsonObject answer) {
    return Optional.ofNullable(answer.getAsJsonObject("result"))
        .filter(result -> !result.has("exceptionDetails"))
        .map(result -> result.getAsJsonObject("result").get("value").getAsString());
  }

  private void received(JsonObject event) {
    JsonObject message =
        JsonParser.parseString(event.get("message").getAsString()).getAsJsonObject();
    if (message.has("id")) {
      answers.put(message.get("id").getAsInt(), message);
    }
  }

  private JsonObject call(String method, String name, String value) {
    JsonObject parameters = new JsonObject();
    parameters.addProperty(name, value);
    return browser.send(method, parameters);
  }

  @Override
  public void close() {
    call("Target.closeTarget", "targetId", target);
    browser.detach();
  }
}

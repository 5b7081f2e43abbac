package dev.hookwell.acceptance.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.acceptance.support.Guide;
import dev.hookwell.acceptance.support.RunningSystem;
import dev.hookwell.local.Client;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs every line of {@code docs/responses.md}, and sends requests, for the responses that its
 * comments name.
 */
final class ResponsesDocumentIT {
  @RegisterExtension static final RunningSystem RUNNING = new RunningSystem();

  /** A line that sets a script, and the statuses of the next requests. */
  private static final Pattern PRESET = Pattern.compile("(respond .*) # ([\\d|]+(?: \\d+)*)");

  @TempDir Path folder;

  @Test
  void everyPresetGivesWhatItSays() throws Exception {
    Client.Hook hook = RUNNING.client().createHook();
    List<String> blocks = Guide.read("docs/responses.md").blocks("sh");
    String before =
        "cd '%s'\nset -e\nHOOKWELL_API='%s'\nOWNER_KEY='%s'\n"
                .formatted(folder, hook.apiUrl(), hook.ownerKey())
            + blocks.getFirst();
    List<String> ran = new ArrayList<>();
    for (String block : blocks.subList(1, blocks.size())) {
      for (String line : block.lines().toList()) {
        Matcher preset = PRESET.matcher(line);
        String printed = shell(before + (preset.matches() ? preset.group(1) : line));
        if (preset.matches()) {
          URI url = URI.create(Client.json(printed).get("url").textValue());
          for (String status : preset.group(2).split(" ", -1)) {
            assertTrue(List.of(status.split("\\|", -1)).contains(String.valueOf(post(url))), line);
          }
        }
        ran.add(line);
      }
    }
    assertTrue(ran.size() >= 20, ran.toString());
    assertEquals(200, post(URI.create(RUNNING.system().address() + "/s/" + hook.id())));
  }

  private static int post(URI url) {
    return RUNNING
        .client()
        .send(HttpRequest.newBuilder(url).POST(BodyPublishers.ofString("{}")))
        .statusCode();
  }

  private static String shell(String script) throws Exception {
    Process process = new ProcessBuilder("sh", "-c", script).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), script + "\n" + output);
    return output;
  }
}

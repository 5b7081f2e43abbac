package dev.hookwell.acceptance.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Page;
import dev.hookwell.acceptance.support.HookwellProcess;
import dev.hookwell.local.Client;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** An archive that the client exported, in the network panel of Chromium's developer tools. */
@ExtendWith(OnThePage.class)
final class PageArchive {
  /** As the panel does it when a file is dropped on it. */
  private static final String IMPORT =
      """
      async (archive) => {
        const { HARFormat, Importer } = await import("devtools://devtools/bundled/models/har/har.js");
        const { log } = new HARFormat.HARRoot(JSON.parse(archive));
        const requests = Importer.Importer.requestsFromHARLog(log);
        return Promise.all(requests.map(async (request) => ({
          line: `${request.requestMethod} ${request.url()} ${request.statusCode}`,
          body: await request.requestFormData(),
        })));
      }
      """;

  @TempDir private Path folder;

  @Test
  void theDeveloperToolsTakeAnExportedArchive(Visitor visitor) throws Exception {
    Client client = visitor.client();
    Client.Hook hook = client.createHook();
    client.postKept(hook, "application/json", "{\"n\":1}".getBytes(UTF_8));
    client.await(hook, 1);
    client.postKept(hook, "image/png", new byte[] {(byte) 0x89, 'P', 0, (byte) 0xff});
    client.await(hook, 2);

    HookwellProcess.Ended exported =
        HookwellProcess.Setting.of(folder, hook).run("export", "--format", "har");
    Page tools = visitor.elsewhere();
    tools.navigate("devtools://devtools/bundled/devtools_app.html");
    @SuppressWarnings("unchecked")
    List<Map<String, Object>> requests =
        (List<Map<String, Object>>) tools.evaluate(IMPORT, exported.out());

    String line = "POST " + hook.url() + " 200";
    assertEquals(List.of(line, line), requests.stream().map(one -> one.get("line")).toList());
    assertEquals("{\"n\":1}", requests.getFirst().get("body"));
  }
}

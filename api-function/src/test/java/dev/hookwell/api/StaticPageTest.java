package dev.hookwell.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.capture.GatewayResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of a folder of sources; the packed one is in {@link ApiHandlerIT}. */
final class StaticPageTest {
  @TempDir private Path folder;

  @BeforeEach
  void writeSources() throws IOException {
    write("index.html", "<script src=\"/assets/@hash@/app.js\"></script>");
    write("terms.html", "<link href=\"/assets/@hash@/app.css\">");
    write("app.js", "one();");
    write("style/layers.css", "@layer two, one;\n");
    write("style/two.css", "b{}\n");
    write("style/one.css", "a{}\n");
  }

  @Test
  void everyRequestReadsTheSources() throws IOException {
    StaticPage page = StaticPage.ofFolder(folder);
    assertEquals("<script src=\"/assets/sources/app.js\"></script>", text(page.index()));
    assertEquals("<link href=\"/assets/sources/app.css\">", text(page.terms()));
    assertEquals("one();", text(page.asset("sources/app.js")));
    String first = "@layer two, one;\n@layer one {\na{}\n}\n@layer two {\n";
    assertEquals(first + "b{}\n}\n", text(page.asset("sources/app.css")));
    assertEquals(404, page.asset("sources/new.js").status());

    write("index.html", "<i class=\"@hash@\">");
    write("terms.html", "<b class=\"@hash@\">");
    write("app.js", "two();");
    write("style/two.css", "c{}\n");
    write("new.js", "");

    assertEquals("<i class=\"sources\">", text(page.index()));
    assertEquals("<b class=\"sources\">", text(page.terms()));
    assertEquals("two();", text(page.asset("sources/app.js")));
    assertEquals(first + "c{}\n}\n", text(page.asset("sources/app.css")));
    assertEquals(200, page.asset("sources/new.js").status());
  }

  @Test
  void noBrowserKeepsThem() {
    StaticPage page = StaticPage.ofFolder(folder);
    GatewayResponse script = page.asset("sources/app.js");
    for (GatewayResponse answer : new GatewayResponse[] {page.index(), page.terms(), script}) {
      assertEquals("no-store", answer.headers().get("cache-control"));
      assertTrue(answer.headers().containsKey("cross-origin-opener-policy"));
    }
    assertEquals("text/javascript; charset=utf-8", script.headers().get("content-type"));
    assertFalse(script.headers().containsKey("content-encoding"));
  }

  @Test
  void litHtmlIsThatOfTheBuild() {
    assertTrue(text(StaticPage.ofFolder(folder).asset("sources/lit/lit-html.js")).contains("html"));
  }

  @Test
  void whatAnEditorLeavesIsNoAsset() throws IOException {
    write("style/1-one.css~", "z{}");
    write(".app.js.swp", "");
    StaticPage page = StaticPage.ofFolder(folder);

    String first = "@layer two, one;\n@layer one {\na{}\n}\n@layer two {\n";
    assertEquals(first + "b{}\n}\n", text(page.asset("sources/app.css")));
    assertEquals(404, page.asset("sources/style/1-one.css~").status());
    assertEquals(404, page.asset("sources/.app.js.swp").status());
    assertEquals(404, page.asset("sources/../index.html").status());
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static String text(GatewayResponse answer) {
    return ApiFixture.text(answer);
  }
}

package dev.hookwell.client.listen;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclFileAttributeView;
import java.util.List;
import org.junit.jupiter.api.Test;

/** On a file system as Windows has it: drive letters, ACLs, no modes. */
final class PrivateFilesTest {
  private static List<AclEntry> acl(Path file) throws IOException {
    return Files.getFileAttributeView(file, AclFileAttributeView.class).getAcl();
  }

  @Test
  void withoutModesTheAclNamesTheOwnerAlone() throws IOException {
    Configuration windows =
        Configuration.windows().toBuilder().setAttributeViews("basic", "acl").build();
    try (FileSystem files = Jimfs.newFileSystem(windows)) {
      Path file = files.getPath("C:\\Users\\me\\AppData\\Local\\hookwell\\a.cursor");
      try (FileChannel _ = PrivateFiles.open(file)) {
        // It is made.
      }
      for (Path made : List.of(file, file.resolveSibling(".").normalize())) {
        assertEquals(1, acl(made).size(), made.toString());
        assertEquals(Files.getOwner(made).getName(), acl(made).getFirst().principal().getName());
      }
    }
  }
}

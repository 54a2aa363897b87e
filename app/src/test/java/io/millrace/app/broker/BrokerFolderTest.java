package io.millrace.app.broker;

import static io.millrace.app.data.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.app.broker.BrokerFolder.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerFolderTest {
  @TempDir private Path temp;

  @Test
  void remembersWhatWasSaved() {
    Identity identity = new Identity("cluster", 9092, "4.3.1");
    try (BrokerFolder folder = BrokerFolder.open(temp)) {
      assertEquals(Optional.empty(), folder.identity());
      folder.save(identity);
    }
    try (BrokerFolder folder = BrokerFolder.open(temp)) {
      assertEquals(Optional.of(identity), folder.identity());
    }
  }

  @Test
  void namesFileInPlaceOfFolder() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "not a folder");
    assertRefused(
        BrokerException.class, () -> BrokerFolder.open(file), file.toString(), "can be written");
  }

  @Test
  void namesFolderWhoseLockCannotBeWritten() throws IOException {
    // A folder in the lock's place fails for every user, where permissions would not stop root.
    Files.createDirectory(temp.resolve("broker.lock"));
    assertRefused(
        BrokerException.class, () -> BrokerFolder.open(temp), temp.toString(), "broker.lock");
  }

  @Test
  void refusesLogsOfAnotherCluster() throws IOException {
    logs("cluster.id=theirs\nnode.id=1\n");
    try (BrokerFolder folder = BrokerFolder.open(temp)) {
      assertRefused(BrokerException.class, folder::identity, "did not make");
      folder.save(new Identity("ours", 9092, "4.3.1"));
      assertRefused(
          BrokerException.class, folder::identity, "expected cluster.id ours", "got theirs and 1");
      logs("cluster.id=ours\nnode.id=7\n");
      assertRefused(BrokerException.class, folder::identity, "node.id 1", "got ours and 7");
    }
  }

  @Test
  void refusesDamagedIdentity() throws IOException {
    try (BrokerFolder folder = BrokerFolder.open(temp)) {
      for (String text :
          new String[] {"", "port=1", "cluster.id=a\nport=x", "cluster.id=a\nport=65536"}) {
        Files.writeString(temp.resolve("broker.properties"), text);
        assertRefused(
            BrokerException.class, folder::identity, "broker.properties", "port from 0 to 65535");
      }
      Files.writeString(temp.resolve("broker.properties"), "cluster.id=\\u00");
      assertRefused(BrokerException.class, folder::identity, "broker.properties", "\\u");
    }
  }

  @Test
  void refusesPortsOutOfRange() {
    assertRefused(
        BrokerException.class, () -> EmbeddedBroker.Options.of(temp).withPort(65_536), "got 65536");
    assertRefused(
        BrokerException.class, () -> EmbeddedBroker.Options.of(temp).withPort(-1), "got -1");
  }

  private void logs(String meta) throws IOException {
    Path logs = Files.createDirectories(temp.resolve("logs"));
    Files.writeString(logs.resolve("meta.properties"), meta);
  }
}

package io.millrace.app.data;

import static io.millrace.app.data.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FashionMnistTest {
  @TempDir private Path temp;
  private final Map<String, byte[]> served = new ConcurrentHashMap<>();
  private final List<String> notices = new ArrayList<>();
  private HttpServer server;

  @BeforeEach
  void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = served.get(exchange.getRequestURI().getPath().substring(1));
          exchange.sendResponseHeaders(body == null ? 404 : 200, body == null ? -1 : body.length);
          try (OutputStream out = exchange.getResponseBody()) {
            if (body != null) {
              out.write(body);
            }
          }
        });
    server.start();
  }

  @AfterEach
  void stopServer() {
    server.stop(0);
  }

  private URI mirror() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  private FashionMnist.Options options() {
    return new FashionMnist.Options(
        Optional.empty(),
        List.of(temp.resolve("installed")),
        temp.resolve("cache"),
        false,
        mirror(),
        Duration.ofSeconds(20));
  }

  private Path wholeSet(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.write(folder.resolve("train-images-idx3-ubyte"), Samples.idxImages(20));
    Files.write(folder.resolve("train-labels-idx1-ubyte"), Samples.idxLabels(20, 10));
    Files.write(folder.resolve("t10k-images-idx3-ubyte.gz"), Samples.gzip(Samples.idxImages(10)));
    Files.write(
        folder.resolve("t10k-labels-idx1-ubyte.gz"), Samples.gzip(Samples.idxLabels(10, 10)));
    return folder;
  }

  @Test
  void takesTheSampleWhereNothingElseIs() {
    FashionMnist found = FashionMnist.locate(options(), notices::add);
    assertEquals(Optional.empty(), found.folder());
    try (ImageSource train = found.open(Split.TRAIN);
        ImageSource test = found.open(Split.TEST)) {
      assertEquals(12_000, train.size());
      assertEquals(2_000, test.size());
    }
    assertEquals(1, notices.size());
    assertTrue(notices.getFirst().contains("bundled sample"), notices.toString());
  }

  @Test
  void prefersTheUsersFolderThenInstalledThenCache() throws IOException {
    Path cache = wholeSet(temp.resolve("cache"));
    assertEquals(Optional.of(cache), FashionMnist.locate(options(), notices::add).folder());
    Path installed = wholeSet(temp.resolve("installed"));
    assertEquals(Optional.of(installed), FashionMnist.locate(options(), notices::add).folder());
    Path own = wholeSet(temp.resolve("own"));
    FashionMnist found = FashionMnist.locate(options().withFolder(own), notices::add);
    assertEquals(Optional.of(own), found.folder());
    try (ImageSource train = found.open(Split.TRAIN)) {
      assertEquals(20, train.size());
      assertEquals("Ankle boot", train.classNames().get(9));
    }
    assertRefused(
        DataException.class,
        () -> FashionMnist.locate(options().withFolder(temp.resolve("none")), notices::add),
        temp.resolve("none").toString());
  }

  @Test
  void failedDownloadFallsBackToTheSampleWithOneLineThatSaysSo() throws IOException {
    served.put("train-images-idx3-ubyte.gz", Samples.gzip(Samples.idxImages(20)));
    FashionMnist found = FashionMnist.locate(options().withDownload(true), notices::add);
    assertEquals(Optional.empty(), found.folder());
    assertTrue(notices.get(1).contains("expected 47040016 bytes"), notices.toString());
    assertTrue(notices.get(2).contains("bundled sample"), notices.toString());
    try (Stream<Path> left = Files.list(temp.resolve("cache"))) {
      assertEquals(0, left.count());
    }
  }

  @Test
  void downloadKeepsWhatHasThePinnedContent() throws IOException {
    byte[] content = Samples.idxImages(1000);
    Download.Item item = item("images.gz", content);
    served.put("images.gz", Samples.gzip(content));
    Path folder = temp.resolve("new/cache");
    new Download(mirror(), Duration.ofSeconds(20)).fetch(List.of(item), folder);
    try (IdxFile file = IdxFile.open(folder.resolve("images.gz"), 3)) {
      assertEquals(1000, file.count());
    }
    served.clear(); // it is not asked for again
    new Download(mirror(), Duration.ofSeconds(20)).fetch(List.of(item), folder);
  }

  private static Download.Item item(String name, byte[] content) {
    byte[] hash = Download.sha256().digest(content);
    return new Download.Item(name, content.length, HexFormat.of().formatHex(hash));
  }

  @Test
  void downloadRefusesOtherContentAndWhatIsNotThere() throws IOException {
    byte[] content = Samples.idxImages(1000);
    Download.Item item = item("images.gz", content);
    refused(item, "images.gz", "status 200, got 404");
    served.put("images.gz", content);
    refused(item, "expected gz data");
    served.put("images.gz", Samples.gzip(new byte[1 << 20]));
    refused(item, "expected 6016 bytes with SHA-256 " + item.unpackedSha256());
    served.put("images.gz", new byte[100_000]);
    refused(item, "images.gz");
    content[50] ^= 1;
    served.put("images.gz", Samples.gzip(content));
    refused(item, "got 6016");
  }

  @Test
  void downloadEndsAtItsTimeLimit() throws IOException {
    CountDownLatch ended = new CountDownLatch(1);
    server.createContext(
        "/slow",
        exchange -> {
          try {
            if (!ended.await(5, TimeUnit.SECONDS)) {
              exchange.close();
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    long start = System.nanoTime();
    Download download = new Download(mirror().resolve("slow/"), Duration.ofMillis(300));
    assertRefused(
        DataException.class,
        () -> download.fetch(List.of(item("a.gz", new byte[1])), temp.resolve("cache")),
        "a.gz",
        "no end of it");
    ended.countDown();
    assertTrue(System.nanoTime() - start < 4_000_000_000L);
  }

  private void refused(Download.Item item, String... parts) throws IOException {
    Path folder = temp.resolve("cache");
    Download download = new Download(mirror(), Duration.ofSeconds(20));
    assertRefused(DataException.class, () -> download.fetch(List.of(item), folder), parts);
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(0, left.count());
    }
  }
}

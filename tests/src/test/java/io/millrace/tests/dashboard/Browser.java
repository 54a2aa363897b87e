package io.millrace.tests.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A Chromium without a screen, with a profile of its own that goes with it. */
final class Browser implements AutoCloseable {
  /** How to get one, for those who have none. */
  static final String HOW_TO_GET =
      "install Chromium (Debian: apt install chromium) or set MILLRACE_CHROMIUM to one's path";

  private static final List<String> NAMES =
      List.of(
          "chromium",
          "chromium-browser",
          "google-chrome",
          "google-chrome-stable",
          "chrome-headless-shell");
  private static final String LISTENING = "DevTools listening on ";
  private static final int STOP_SECONDS = 10;

  private final Process process;
  private final Path profile;
  private final URI devTools;
  private final HttpClient client = HttpClient.newHttpClient();

  private Browser(Process process, Path profile, URI devTools) {
    this.process = process;
    this.profile = profile;
    this.devTools = devTools;
  }

  /** The program, where there is one: what the environment says, or else one of the path. */
  static Optional<Path> find() {
    String named = System.getenv("MILLRACE_CHROMIUM");
    Stream<Path> programs =
        named != null
            ? Stream.of(Path.of(named))
            : Stream.ofNullable(System.getenv("PATH"))
                .flatMap(path -> Arrays.stream(path.split(File.pathSeparator)))
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)));
    return programs.filter(Files::isExecutable).findFirst();
  }

  /**
   * Starts one.
   *
   * @param folder where it may keep its profile
   */
  static Browser start(Path program, Path folder) throws IOException {
    Path profile = Files.createTempDirectory(folder, "browser");
    Process process =
        new ProcessBuilder(
                program.toString(),
                "--headless=new",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                // Its sandbox needs rights that containers and the superuser lack; the page is
                // ours.
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--no-first-run",
                "--hide-scrollbars",
                "--force-color-profile=srgb",
                "about:blank")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return new Browser(process, profile, address(process));
  }

  /** Waits for the line that says where the browser listens; what follows is read and dropped. */
  private static URI address(Process process) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
    StringBuilder before = new StringBuilder();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith(LISTENING)) {
        Thread.ofVirtual().start(() -> drain(lines));
        return URI.create(line.substring(LISTENING.length()).strip());
      }
      before.append(line).append('\n');
    }
    process.destroyForcibly();
    throw new IOException("the browser ended at once: " + before);
  }

  private static void drain(BufferedReader lines) {
    try {
      while (lines.readLine() != null) {
        // Its log is no part of any test.
      }
    } catch (IOException e) {
      // It has ended.
    }
  }

  /** Opens an empty page. */
  BrowserPage open(Viewport viewport) {
    URI create =
        URI.create("http://" + devTools.getHost() + ":" + devTools.getPort() + "/json/new");
    HttpRequest request =
        HttpRequest.newBuilder(create).PUT(HttpRequest.BodyPublishers.noBody()).build();
    try {
      JsonNode target =
          DevTools.JSON.readTree(client.send(request, BodyHandlers.ofString()).body());
      return new BrowserPage(
          client, URI.create(target.get("webSocketDebuggerUrl").asText()), viewport);
    } catch (IOException e) {
      throw new UncheckedIOException("the browser does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while opening a page", e);
    }
  }

  @Override
  public void close() throws IOException {
    client.shutdownNow();
    List<ProcessHandle> helpers = process.descendants().toList();
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    helpers.forEach(ProcessHandle::destroyForcibly);
    try (Stream<Path> files = Files.walk(profile)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      // A helper that is just ending still writes; the folder is the test's own and goes with it.
    }
  }
}

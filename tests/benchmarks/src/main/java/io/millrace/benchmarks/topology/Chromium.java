package io.millrace.benchmarks.topology;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** A browser without a screen that shows one page until it is closed. */
final class Chromium implements AutoCloseable {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

  private final Process process;

  private Chromium(Process process) {
    this.process = process;
  }

  /**
   * Opens a page as on a desktop.
   *
   * @param folder where it may keep its profile
   * @throws IllegalStateException if there is no Chromium
   */
  static Chromium open(String url, Path folder) {
    try {
      Path profile = Files.createTempDirectory(folder, "chromium");
      return new Chromium(
          new ProcessBuilder(
                  program().toString(),
                  "--headless=new",
                  "--no-sandbox",
                  "--disable-gpu",
                  "--disable-dev-shm-usage",
                  "--no-first-run",
                  "--window-size=1280,900",
                  // Without it, it would print the page and end.
                  "--remote-debugging-port=0",
                  "--user-data-dir=" + profile,
                  url)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException("Chromium did not start", e);
    }
  }

  private static Path program() {
    String chosen = System.getenv("MILLRACE_CHROMIUM");
    Stream<Path> onPath =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
            .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)));
    return Stream.concat(Stream.ofNullable(chosen).map(Path::of), onPath)
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() ->
            new IllegalStateException(
                "expected a Chromium on the path or in MILLRACE_CHROMIUM, found none; on Debian:"
                    + " apt install chromium"));
  }

  /** CPU time of all its processes that are alive. */
  double cpuSeconds() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants())
            .map(each -> each.info().totalCpuDuration().orElse(Duration.ZERO))
            .mapToLong(Duration::toMillis)
            .sum()
        * 1e-3;
  }

  boolean alive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    List<ProcessHandle> helpers = process.descendants().toList();
    process.destroy();
    helpers.forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}

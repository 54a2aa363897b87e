package io.millrace.tests.containers;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.testcontainers.utility.DockerImageName;

/**
 * Whether the images that these tests start containers of are to be had. The docker command is
 * asked, because Testcontainers tries for minutes to pull what cannot be pulled.
 */
final class ContainerImages {

  static final DockerImageName KAFKA = DockerImageName.parse("apache/kafka:4.3.1");

  /** What Testcontainers itself starts first, to clean up after a test that was killed. */
  private static final String CLEANER = "testcontainers/ryuk:0.14.0";

  private static final String WITHOUT_CLEANER = "TESTCONTAINERS_RYUK_DISABLED";

  private static final long ANSWER_SECONDS = 20;
  private static final long PULL_SECONDS = 300;

  private ContainerImages() {}

  /** Ends the test as not run, with the reason, unless containers of this image can be started. */
  static void require(DockerImageName image) {
    docker(ANSWER_SECONDS, "version")
        .ifPresent(got ->
            abort("not run: expected a Docker engine that answers, got " + got + "; start it"));
    pull(image.asCanonicalNameString())
        .ifPresent(
            got -> abort("not run: expected the image " + image + ", got " + got + "; build it"));
    if (!Boolean.parseBoolean(System.getenv(WITHOUT_CLEANER))) {
      pull(CLEANER)
          .ifPresent(got ->
              abort(
                  "not run: expected the image "
                      + CLEANER
                      + ", got "
                      + got
                      + "; set "
                      + WITHOUT_CLEANER
                      + "=true to do without"));
    }
  }

  /** Makes sure that an image is on this machine; says what went wrong. */
  private static Optional<String> pull(String image) {
    return docker(ANSWER_SECONDS, "image", "inspect", image).isEmpty()
        ? Optional.empty()
        : docker(PULL_SECONDS, "pull", "--quiet", image);
  }

  /** Runs a docker command; its last line where it failed. */
  private static Optional<String> docker(long seconds, String... arguments) {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(List.of(arguments));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      // What these commands print fits the pipe.
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return Optional.of("no answer within " + seconds + " s");
      }
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.exitValue() == 0
          ? Optional.empty()
          : Optional.of("'" + said.strip().lines().reduce("", (first, second) -> second) + "'");
    } catch (IOException e) {
      return Optional.of("no docker command");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("an interrupt");
    }
  }
}

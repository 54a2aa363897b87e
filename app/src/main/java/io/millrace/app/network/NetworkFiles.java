package io.millrace.app.network;

import io.millrace.model.spec.NetworkSpec;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds a network by the name of one that ships with Millrace, or by its path. */
public final class NetworkFiles {

  private NetworkFiles() {}

  /**
   * Reads a network.
   *
   * @param nameOrPath {@code small-cnn}, or a path that starts at {@code folder}
   * @throws IllegalArgumentException if there is no such network
   */
  public static NetworkSpec load(String nameOrPath, Path folder) {
    Path path = folder.resolve(nameOrPath);
    if (Files.isRegularFile(path)) {
      return NetworkYaml.load(path);
    }
    Path shipped = shippedFolder().resolve(nameOrPath + ".yaml");
    if (nameOrPath.matches("[A-Za-z0-9._-]+") && Files.isRegularFile(shipped)) {
      return NetworkYaml.load(shipped);
    }
    throw new IllegalArgumentException(
        "network: expected a file or the name of a network in "
            + shippedFolder()
            + ", got "
            + nameOrPath);
  }

  private static Path shippedFolder() {
    return Path.of(System.getProperty("millrace.home", ".")).resolve("networks");
  }
}

package io.millrace.tests.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A host for the learners that one cable connects with the brokers' host, and the cable can be cut.
 * Both hosts are network namespaces: the brokers' is this process's own, the learners' lives as
 * long as a child of this process. No interface of the machine is touched.
 */
final class SeveredNetwork implements Place {

  /** An address for documentation, which no network has. */
  static final String BROKERS_HOST = "192.0.2.1";

  private static final String LEARNERS_HOST = "192.0.2.2";
  private static final String PREFIX = "/30";
  private static final String BROKERS_END = "brokers";
  private static final String LEARNERS_END = "learners";

  private final Path stateFolder;
  private final Process holder;
  private final String holderId;

  SeveredNetwork(Path stateFolder) {
    this.stateFolder = stateFolder;
    try {
      holder = new ProcessBuilder("unshare", "-n", "sh", "-c", "echo there; read line").start();
      if (holder.getInputStream().read() < 0) {
        throw new IOException("the namespace's holder has ended");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a network namespace", e);
    }
    holderId = Long.toString(holder.pid());
    Shell.run(
        "ip",
        "link",
        "add",
        BROKERS_END,
        "type",
        "veth",
        "peer",
        "name",
        LEARNERS_END,
        "netns",
        holderId);
    Shell.run("ip", "address", "add", BROKERS_HOST + PREFIX, "dev", BROKERS_END);
    join();
    among("ip", "address", "add", LEARNERS_HOST + PREFIX, "dev", LEARNERS_END);
    among("ip", "link", "set", "lo", "up");
    among("ip", "link", "set", LEARNERS_END, "up");
  }

  private void among(String... command) {
    List<String> whole = new ArrayList<>(enter());
    whole.addAll(List.of(command));
    Shell.run(whole.toArray(String[]::new));
  }

  private List<String> enter() {
    return List.of("nsenter", "--target", holderId, "--net", "--");
  }

  /** Connections stay open on both sides, and nothing gets through. */
  void cut() {
    Shell.run("ip", "link", "set", BROKERS_END, "down");
  }

  void join() {
    Shell.run("ip", "link", "set", BROKERS_END, "up");
  }

  @Override
  public ChildJvm.Launch in(ChildJvm.Launch launch) {
    return launch.withPrefix(enter());
  }

  @Override
  public Path stateFolder() {
    return stateFolder;
  }

  @Override
  public void close() {
    holder.destroyForcibly();
  }
}

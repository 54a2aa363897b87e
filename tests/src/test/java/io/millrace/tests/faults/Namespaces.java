package io.millrace.tests.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Linux namespaces, for faults of network and disk that must not touch the machine's own. */
final class Namespaces {

  private static final List<List<String>> WAYS =
      List.of(
          // As root, and else as root of a user namespace, where the kernel permits these.
          List.of("unshare", "--net", "--mount", "--"),
          List.of("unshare", "--user", "--map-root-user", "--net", "--mount", "--"));

  private Namespaces() {}

  /** A command that runs another one in namespaces of its own; empty where none is permitted. */
  static Optional<List<String>> way() {
    return WAYS.stream().filter(Namespaces::works).findFirst();
  }

  private static boolean works(List<String> way) {
    List<String> probe = new ArrayList<>(way);
    probe.addAll(
        List.of(
            "sh",
            "-c",
            "ip link set lo up && ip link add probe0 type veth peer name probe1"
                + " && mount -t tmpfs -o size=1m tmpfs /tmp"));
    return Shell.attempt(probe.toArray(String[]::new)).status() == 0;
  }
}

package io.millrace.benchmarks.topology;

import java.nio.file.Path;
import java.util.List;

/**
 * Where learners of a benchmark run.
 *
 * @param servers the broker's address
 * @param brokerPid its process, which works for the learners
 * @param folder for what they keep
 * @param dataset whose images are learned from
 * @param threads of each learner
 */
record Where(String servers, long brokerPid, String folder, String dataset, int threads) {

  static Where at(Broker broker, String dataset, int threads) {
    return new Where(broker.servers(), broker.pid(), broker.folder().toString(), dataset, threads);
  }

  Path stateFolder(String name) {
    return Path.of(folder).resolve("state-" + name);
  }

  List<ProcessHandle> helpers() {
    return ProcessHandle.of(brokerPid).stream().toList();
  }
}

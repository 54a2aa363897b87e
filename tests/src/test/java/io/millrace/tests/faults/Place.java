package io.millrace.tests.faults;

import java.nio.file.Path;

/** Where the learners of a run live, for faults of what is around them. */
interface Place extends AutoCloseable {

  /** Puts a JVM that is about to start into this place. */
  ChildJvm.Launch in(ChildJvm.Launch launch);

  /** Where learners keep their local state. */
  Path stateFolder();

  @Override
  void close();

  /** An ordinary process with an ordinary folder. */
  record Plain(Path stateFolder) implements Place {
    @Override
    public ChildJvm.Launch in(ChildJvm.Launch launch) {
      return launch;
    }

    @Override
    public void close() {}
  }
}

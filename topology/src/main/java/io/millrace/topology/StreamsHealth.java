package io.millrace.topology;

import java.util.List;

/**
 * How a program on Kafka Streams is.
 *
 * @param live whether it may still do its work: it has not failed, and has threads
 * @param ready whether it does its work: tasks are assigned and restored, and a broker is connected
 * @param state of Kafka Streams
 * @param reason why it is not ready; empty if it is
 * @param threads each with its state, such as {@code ...-StreamThread-1 RUNNING}
 * @param tasks active tasks here; 0 while another instance has them all
 */
public record StreamsHealth(
    boolean live, boolean ready, String state, String reason, List<String> threads, int tasks) {

  public StreamsHealth {
    threads = List.copyOf(threads);
  }

  /** The same, but not ready for a reason of the program's own. */
  StreamsHealth waiting(String why) {
    return new StreamsHealth(live, false, state, why, threads, tasks);
  }
}

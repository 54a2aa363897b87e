package io.millrace.model.graph;

import io.millrace.model.kernel.Workers;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a pass over the graph does, in order; filled once by the operations, run for each minibatch.
 *
 * <p>It is cut into segments. Within one, a shard goes through all tasks without waiting for the
 * others, because a task on samples needs no other shard's: its data stays in the cache from one
 * layer to the next, and threads meet only where an operation combines what shards have found, as
 * batch norm does. What nobody waits for, such as the sums of weight gradients, joins the next
 * segment.
 */
final class Program {
  /** Work between two segments, by one thread. */
  @FunctionalInterface
  interface Joint {
    void run(Pass pass);
  }

  private record Task(Pass.RangeTask work, int count) {}

  private final class Segment implements Workers.ShardTask {
    private final List<Task> tasks = new ArrayList<>();
    private final List<Joint> joints = new ArrayList<>();

    /** Whether one shard has it all, for which no other thread need be woken. */
    boolean isOneThreads() {
      if (pass.batchSize() > 1) {
        return false;
      }
      for (int i = 0; i < tasks.size(); i++) {
        if (tasks.get(i).count != SAMPLES) {
          return false;
        }
      }
      return true;
    }

    @Override
    public void run(int shard) {
      for (int i = 0; i < tasks.size(); i++) {
        Task task = tasks.get(i);
        int count = task.count == SAMPLES ? pass.batchSize() : task.count;
        task.work.run(pass, shard, Workers.from(shard, count), Workers.to(shard, count));
      }
    }
  }

  /** A task's count that stands for the samples of the minibatch. */
  private static final int SAMPLES = -1;

  private final Pass pass;
  private final boolean plans;
  private final List<Segment> segments = new ArrayList<>();
  private final List<Task> waiting = new ArrayList<>();
  private final Set<Node> differentiated = new HashSet<>();
  private Segment open = new Segment();

  /**
   * A program without work.
   *
   * @param plans whether its uses of buffers count for their lifetimes
   */
  Program(Pass pass, boolean plans) {
    this.pass = pass;
    this.plans = plans;
    segments.add(open);
  }

  Pass pass() {
    return pass;
  }

  /** Work on the samples of a shard, of which no task before it in this segment knows others'. */
  void samples(Pass.RangeTask work, Buffer... used) {
    open.tasks.add(new Task(work, SAMPLES));
    for (Buffer buffer : used) {
      use(buffer);
    }
  }

  /** Notes that the work just added uses this, too. */
  void use(Buffer buffer) {
    use(buffer, segments.size() - 1);
  }

  private void use(Buffer buffer, int segment) {
    if (plans) {
      buffer.use(segment);
    }
  }

  /** Work between segments: after all that came before, before all that follows. */
  void joint(Joint work) {
    open.joints.add(work);
    cut();
  }

  /**
   * Work over [0, count) after all that came before; what follows does not wait for it, so it may
   * not depend on it.
   */
  void later(int count, Pass.RangeTask work, Buffer... used) {
    waiting.add(new Task(work, count));
    for (Buffer buffer : used) {
      use(buffer, segments.size() - 1);
      use(buffer, segments.size());
    }
  }

  /** Lets all shards finish before what follows. */
  void cut() {
    open = new Segment();
    segments.add(open);
    open.tasks.addAll(waiting);
    waiting.clear();
  }

  /** Ends the program. */
  void end() {
    if (!waiting.isEmpty()) {
      cut();
    }
  }

  /** Whether nothing before has contributed to the gradient of a node; counts as a contribution. */
  boolean startsGradient(Node node) {
    return differentiated.add(node);
  }

  void run() {
    for (int i = 0; i < segments.size(); i++) {
      Segment segment = segments.get(i);
      if (segment.isOneThreads()) {
        for (int shard = 0; shard < Workers.SHARDS; shard++) {
          segment.run(shard);
        }
      } else if (!segment.tasks.isEmpty()) {
        pass.workers().run(segment);
      }
      for (int j = 0; j < segment.joints.size(); j++) {
        segment.joints.get(j).run(pass);
      }
    }
  }
}

package io.millrace.tests.faults;

import io.millrace.ControlAcknowledgement;
import io.millrace.ControlCommand;
import io.millrace.ControlKind;
import io.millrace.ControlOutcome;
import io.millrace.schemas.AvroCodec;
import io.millrace.tests.support.Cluster;
import io.millrace.tests.support.TestLearner;
import io.millrace.topology.config.TopicNames;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * An operator who gives commands of every kind, each for a step of its own, and ends each pause
 * some time after it has heard of it. What the learner does at which step is a function of the
 * seed.
 */
final class Commander implements AutoCloseable {

  /** Late enough that the learner has heard of all commands. */
  private static final int FIRST_STEP = 25;

  private static final int STEPS_BETWEEN = 4;
  private static final int COMMANDS = 60;
  private static final int MOST_PAUSE_MS = 1_500;

  private final AvroCodec<ControlCommand> commands = AvroCodec.of(ControlCommand.class);
  private final AvroCodec<ControlAcknowledgement> acknowledgements =
      AvroCodec.of(ControlAcknowledgement.class);
  private final Cluster cluster;
  private final TopicNames topics;
  private final Random random;
  private final Thread thread;
  private volatile boolean closed;

  private Commander(Schedule schedule, Cluster cluster, TopicNames topics) {
    this.cluster = cluster;
    this.topics = topics;
    random = new Random(schedule.seed());
    thread = Thread.ofPlatform().daemon().unstarted(this::endPauses);
  }

  /** Sends all commands for steps, where the scenario has any, and begins to end pauses. */
  static Commander start(Schedule schedule, Cluster cluster, TopicNames topics) {
    Commander commander = new Commander(schedule, cluster, topics);
    if (schedule.scenario() == Scenario.COMMANDS) {
      commander.sendAll(schedule.scenario().workload().everySteps());
      commander.thread.start();
    }
    return commander;
  }

  private void sendAll(int everySteps) {
    List<ControlKind> kinds =
        List.of(
            ControlKind.SET_LEARNING_RATE,
            ControlKind.ROLL_BACK,
            ControlKind.PAUSE,
            ControlKind.SET_ALIAS,
            ControlKind.PUBLISH,
            ControlKind.DELETE_ALIAS);
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < COMMANDS; i++) {
      ControlKind kind = kinds.get(i % kinds.size());
      long step = FIRST_STEP + (long) STEPS_BETWEEN * i;
      // One of the newest versions: the transaction that published it may still be open.
      long version = Math.max(1, step / everySteps - random.nextInt(3));
      ControlCommand command =
          command(kind, "command-" + i)
              .setNotBeforeStep(step)
              .setVersion(
                  kind == ControlKind.ROLL_BACK || kind == ControlKind.SET_ALIAS ? version : null)
              .setAlias(
                  kind == ControlKind.SET_ALIAS || kind == ControlKind.DELETE_ALIAS
                      ? "champion"
                      : null)
              .setLearningRate(random.nextBoolean() ? 0.01 + random.nextDouble() / 50 : null)
              .build();
      records.add(record(command));
    }
    cluster.send(records);
  }

  private void endPauses() {
    try (Consumer<byte[], byte[]> consumer = cluster.consumer(topics.acknowledgements())) {
      while (!closed) {
        consumer
            .poll(Duration.ofMillis(50))
            .forEach(record -> {
              ControlAcknowledgement each = acknowledgements.decode(record.value());
              if (each.getKind() == ControlKind.PAUSE
                  && each.getOutcome() == ControlOutcome.APPLIED) {
                Pause.ofMs(random.nextInt(MOST_PAUSE_MS));
                String id = "resume-" + each.getCommandId();
                cluster.send(List.of(record(command(ControlKind.RESUME, id).build())));
              }
            });
      }
    }
  }

  private static ControlCommand.Builder command(ControlKind kind, String id) {
    return ControlCommand.newBuilder()
        .setId(id)
        .setModel(TestLearner.MODEL)
        .setKind(kind)
        .setSentMs(0)
        .setReason("a test");
  }

  private ProducerRecord<byte[], byte[]> record(ControlCommand command) {
    return new ProducerRecord<>(
        topics.control(),
        command.getModel().getBytes(StandardCharsets.UTF_8),
        commands.encode(command));
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while a consumer closes", e);
    }
  }
}

package io.millrace.tests.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.LabeledImage;
import io.millrace.app.Main;
import io.millrace.app.data.DatasetSpec;
import io.millrace.app.data.ImageSource;
import io.millrace.app.learner.KafkaClients;
import io.millrace.app.learner.LearnerConfigFile;
import io.millrace.app.learner.LearnerTopics;
import io.millrace.app.produce.ImageRecords;
import io.millrace.app.yaml.ConfigReader;
import io.millrace.schemas.AvroCodec;
import io.millrace.tests.support.Cluster;
import io.millrace.tests.support.Eventually;
import io.millrace.topology.LearnerApplication;
import io.millrace.topology.config.LearnerConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The promotion gate, by its command, on real images and a real broker. */
class PromotionTest {

  private static final int TRAINED = 3_200;

  @TempDir Path folder;

  @Test
  void theAliasFollowsWhileHeldOutImagesAgreeAndStaysWhenTheyDoNot() throws Exception {
    try (Cluster cluster = Cluster.embedded(folder.resolve("broker"))) {
      Path yaml = configuration(cluster.bootstrapServers());
      LearnerConfig config =
          LearnerConfigFile.load(ConfigReader.of(yaml, List.of()), folder).config();
      LearnerTopics.require(KafkaClients.properties(config.kafka()), config, true);
      try (LearnerApplication learner = LearnerApplication.start(config)) {
        produce(cluster, "fashion-mnist-sample", TRAINED);
        awaitVersion(1, yaml, learner);

        Result few = run("promote", "-c", yaml.toString(), "--once");
        assertEquals(1, few.exit(), few.text());
        assertTrue(few.text().contains("expected 200 held-out images or more, got 0"), few.text());

        produce(cluster, "fashion-mnist-sample:test", 1_000, "--held-out");
        Result first = run("promote", "-c", yaml.toString(), "--once", "--window", "1000");
        assertEquals(0, first.exit(), first.text());
        assertTrue(
            first.text().contains("on 1000 held-out images: champion from now on"), first.text());

        Result again = run("promote", "-c", yaml.toString(), "--once", "--window", "1000");
        assertEquals(0, again.exit(), again.text());
        assertTrue(again.text().contains("version 1: is champion already"), again.text());

        cluster.send(mislabeled(config.topics().images()));
        awaitVersion(2, yaml, learner);
        Result worse = run("promote", "-c", yaml.toString(), "--once", "--window", "1000");
        assertEquals(1, worse.exit(), worse.text());
        assertTrue(worse.text().contains("of version 1, may fall by 1.00 points"), worse.text());
        assertTrue(worse.text().contains("refused"), worse.text());
        String listed = run("snapshot", "list", "-c", yaml.toString()).text();
        assertTrue(
            listed
                .lines()
                .anyMatch(line -> line.contains("champion") && line.strip().startsWith("1 ")),
            listed);
      }
    }
  }

  private Path configuration(String servers) throws IOException {
    return Files.writeString(
        folder.resolve("millrace.yaml"),
        """
        model: gated
        network: lenet5
        images: {mean: [0.286], std: [0.353]}
        guards: {sigmas: 0}
        snapshots: {everySteps: 100, everySeconds: 0}
        kafka:
          bootstrap.servers: %s
          state.dir: '%s'
          commit.interval.ms: 100
        """
            .formatted(servers, folder.resolve("state")));
  }

  private static void produce(Cluster cluster, String dataset, int images, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "produce",
                "--bootstrap-servers",
                cluster.bootstrapServers(),
                "--dataset",
                dataset,
                "--limit",
                Integer.toString(images)));
    arguments.addAll(List.of(more));
    Result result = run(arguments.toArray(String[]::new));
    assertEquals(0, result.exit(), result.text());
  }

  private static void awaitVersion(long version, Path yaml, LearnerApplication learner) {
    Eventually.await(
        "version " + version,
        () -> {
          learner
              .failure()
              .ifPresent(cause -> {
                throw new AssertionError(cause);
              });
          Result newest = run("consume", "--once", "-c", yaml.toString(), "--timeout", "60");
          return newest.text().contains("version " + version + " ")
              ? Optional.of(true)
              : Optional.empty();
        },
        () -> "another");
  }

  /** The same images, each said to show the next class. */
  private static List<ProducerRecord<byte[], byte[]>> mislabeled(String topic) {
    AvroCodec<LabeledImage> codec = AvroCodec.of(LabeledImage.class);
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (ImageSource source = DatasetSpec.parse("fashion-mnist-sample").open(_ -> {})) {
      for (int i = 0; i < TRAINED; i++) {
        LabeledImage image = ImageRecords.of(source.image(i), 0);
        image.setLabel((image.getLabel() + 1) % source.classNames().size());
        records.add(new ProducerRecord<>(topic, 0, new byte[] {1}, codec.encode(image)));
      }
    }
    return records;
  }

  private record Result(int exit, String text) {}

  private static Result run(String... arguments) {
    StringWriter text = new StringWriter();
    PrintWriter printer = new PrintWriter(text);
    int exit = Main.execute(printer, printer, arguments);
    printer.flush();
    return new Result(exit, text.toString());
  }
}

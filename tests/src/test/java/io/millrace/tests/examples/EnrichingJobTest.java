package io.millrace.tests.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.LabeledImage;
import io.millrace.UnlabeledImage;
import io.millrace.schemas.AvroCodec;
import io.millrace.serving.Predictor;
import io.millrace.serving.SubscriberConfig;
import io.millrace.tests.support.Cluster;
import io.millrace.tests.support.Images;
import io.millrace.tests.support.PartitionedTopic;
import io.millrace.tests.support.Run;
import io.millrace.tests.support.TestLearner;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.KafkaStreams;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnrichingJobTest {

  private static final int PHOTOS = 20;
  private static final AvroCodec<UnlabeledImage> CODEC = AvroCodec.of(UnlabeledImage.class);

  @TempDir Path folder;

  @Test
  void theJobSaysOfEachPhotoWhatTheNewestModelSees() throws Exception {
    try (Cluster cluster = Cluster.embedded(folder)) {
      TestLearner learner = TestLearner.withDefaults();
      Run run = Run.of(cluster, "enriched", learner, cluster.createImages("enriched"));
      cluster.send(Images.records(run.topics().images(), 0, 5 * learner.batch()));
      run.learnTo(5);
      cluster.createTopic("shop.photos");
      cluster.createTopic("shop.sorted");
      cluster.send(IntStream.range(0, PHOTOS).mapToObj(EnrichingJobTest::photo).toList());
      SubscriberConfig snapshots =
          new SubscriberConfig(
              Map.of("bootstrap.servers", cluster.bootstrapServers()),
              run.topics().snapshots(),
              Optional.of(TestLearner.MODEL),
              SubscriberConfig.DEFAULT_MAX_SNAPSHOT_BYTES);
      try (Predictor predictor = new Predictor(Predictor.Options.defaults());
          KafkaStreams job =
              EnrichingJob.start(snapshots, predictor, properties(cluster, folder))) {
        List<ConsumerRecord<byte[], byte[]>> sorted =
            new PartitionedTopic(cluster.bootstrapServers(), "shop.sorted")
                .awaitCount(PHOTOS, () -> assertTrue(job.state() != KafkaStreams.State.ERROR));
        assertEquals(PHOTOS, sorted.size());
        for (int i = 0; i < PHOTOS; i++) {
          assertEquals("photo-" + i, Run.key(sorted.get(i)));
          String answer = new String(sorted.get(i).value(), StandardCharsets.UTF_8);
          assertTrue(answer.matches("[A-Z][A-Za-z/ -]+ \\(\\d+ %\\) says version 1"), answer);
        }
      }
    }
  }

  @Test
  void theDocumentationShowsTheJobAsItIs() throws Exception {
    Path home = Path.of(System.getProperty("millrace.home", "."));
    String source =
        Files.readString(
            home.resolve("tests/src/test/java/io/millrace/tests/examples/EnrichingJob.java"));
    String job = source.substring(source.indexOf("  public static Topology topology"));
    String shown = Files.readString(home.resolve("docs/predictions.md"));
    for (String line : job.lines().toList()) {
      assertTrue(
          line.isBlank() || line.equals("}") || shown.contains(line.strip()),
          () -> "docs/predictions.md: expected the line " + line);
    }
  }

  private static Properties properties(Cluster cluster, Path folder) {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", cluster.bootstrapServers());
    properties.put("application.id", "shop-sorting");
    properties.put("processing.guarantee", "exactly_once_v2");
    properties.put("auto.offset.reset", "earliest");
    properties.put("state.dir", folder.resolve("job").toString());
    return properties;
  }

  private static ProducerRecord<byte[], byte[]> photo(int index) {
    LabeledImage image = Images.image(index);
    UnlabeledImage photo =
        UnlabeledImage.newBuilder()
            .setId("photo-" + index)
            .setEncoding(image.getEncoding())
            .setChannels(image.getChannels())
            .setHeight(image.getHeight())
            .setWidth(image.getWidth())
            .setData(image.getData())
            .build();
    byte[] key = photo.getId().getBytes(StandardCharsets.UTF_8);
    return new ProducerRecord<>("shop.photos", key, CODEC.encode(photo));
  }
}

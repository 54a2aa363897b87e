package io.millrace.topology;

import io.millrace.schemas.AvroCodec;
import io.millrace.serving.AssemblyResult;
import io.millrace.serving.Snapshot;
import io.millrace.serving.SnapshotAssembler;
import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.learn.Observer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyTestDriver;

/** What the small learner publishes, as a subscriber assembles it. */
public final class SmallSnapshots {

  private SmallSnapshots() {}

  /** Versions 1 to {@code count}. */
  public static List<Snapshot> learned(int count, Path stateFolder) {
    LearnerConfig config = SmallLearner.config();
    Properties properties = StreamsProperties.of(config);
    properties.put(StreamsConfig.STATE_DIR_CONFIG, stateFolder.toString());
    var topology = MillraceTopology.build(config, new Observer() {});
    var codec = AvroCodec.of(io.millrace.LabeledImage.class);
    List<Snapshot> snapshots = new ArrayList<>();
    try (var driver = new TopologyTestDriver(topology, properties)) {
      var in = new ByteArraySerializer();
      var out = new ByteArrayDeserializer();
      var images = driver.createInputTopic(config.topics().images(), in, in);
      for (int i = 0; i < count * 2 * SmallLearner.BATCH; i++) {
        byte[] key = ("image-" + i).getBytes(StandardCharsets.UTF_8);
        images.pipeInput(key, codec.encode(SmallLearner.image(i)));
      }
      SnapshotAssembler assembler = new SnapshotAssembler(Optional.empty(), 1 << 20);
      for (var record :
          driver.createOutputTopic(config.topics().snapshots(), out, out).readRecordsToList()) {
        if (assembler.accept(record.key(), record.value()) instanceof AssemblyResult.Assembled a) {
          snapshots.add(a.snapshot());
        }
      }
    }
    return snapshots;
  }
}

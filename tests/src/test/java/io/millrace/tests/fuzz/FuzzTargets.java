package io.millrace.tests.fuzz;

import io.millrace.AcknowledgementObserved;
import io.millrace.AliasObserved;
import io.millrace.BatchTrigger;
import io.millrace.ControlAcknowledgement;
import io.millrace.ControlCommand;
import io.millrace.ControlKind;
import io.millrace.ControlOutcome;
import io.millrace.ImageEncoding;
import io.millrace.ImageLabel;
import io.millrace.ImagePrediction;
import io.millrace.JournalEntry;
import io.millrace.JournalKind;
import io.millrace.JournalObserved;
import io.millrace.KeptHeader;
import io.millrace.LabelJoinEntry;
import io.millrace.LabelJoinKind;
import io.millrace.LabeledImage;
import io.millrace.LearnerProgress;
import io.millrace.MetricsObserved;
import io.millrace.ModelAlias;
import io.millrace.PendingImage;
import io.millrace.Prediction;
import io.millrace.SnapshotManifest;
import io.millrace.SnapshotTensor;
import io.millrace.SourceRange;
import io.millrace.TrainingMetrics;
import io.millrace.UnlabeledImage;
import io.millrace.schemas.SnapshotRecords;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** All that is fuzzed, and a filled record of each type to begin with. */
final class FuzzTargets {
  /** Restricts a run to the targets whose name begins so. */
  private static final String ONLY = System.getProperty("millrace.fuzz.target", "");

  private FuzzTargets() {}

  /**
   * New targets, for one thread.
   *
   * @param folder for the files of those that read files; for this thread alone
   */
  static List<FuzzTarget> create(Path folder) {
    List<FuzzTarget> targets = new ArrayList<>(records());
    targets.add(new PictureTarget("picture", 60, 1, 12, 1 << 16, 48 << 20));
    targets.add(new PictureTarget("picture-color", 40, 3, 16, 1 << 16, 48 << 20));
    targets.add(new PictureTarget("picture-large", 1, 3, 224, 1 << 19, 96 << 20));
    targets.add(new IdxTarget(folder.resolve("idx")));
    targets.add(new Cifar10Target(folder.resolve("cifar10")));
    targets.add(new CsvTarget(folder.resolve("csv")));
    targets.add(YamlTarget.config(folder.resolve("yaml-config")));
    targets.add(YamlTarget.network(folder.resolve("yaml-network")));
    targets.add(new SnapshotTarget());
    targets.add(new SafetensorsTarget());
    targets.removeIf(target -> !target.name().startsWith(ONLY));
    return targets;
  }

  private static List<FuzzTarget> records() {
    byte[] manifest = Objects.requireNonNull(SnapshotSeeds.frames(2).getLast().value());
    byte[] chunk = Objects.requireNonNull(SnapshotSeeds.frames(2).getFirst().value());
    return List.of(
        new AvroTarget<>(LabeledImage.class, image()),
        new AvroTarget<>(SnapshotManifest.class, SnapshotRecords.open(manifest)),
        new AvroTarget<>(SnapshotTensor.class, SnapshotRecords.openChunk(chunk)),
        new AvroTarget<>(TrainingMetrics.class, metrics()),
        new AvroTarget<>(LearnerProgress.class, progress()),
        new AvroTarget<>(PendingImage.class, pending()),
        new AvroTarget<>(Prediction.class, prediction()),
        new AvroTarget<>(JournalEntry.class, journal()),
        new AvroTarget<>(ControlCommand.class, command()),
        new AvroTarget<>(ControlAcknowledgement.class, acknowledgement()),
        new AvroTarget<>(ModelAlias.class, alias()),
        new AvroTarget<>(UnlabeledImage.class, unlabeled()),
        new AvroTarget<>(ImageLabel.class, label()),
        new AvroTarget<>(LabelJoinEntry.class, joinEntry()));
  }

  private static UnlabeledImage unlabeled() {
    return UnlabeledImage.newBuilder()
        .setId("camera-7")
        .setEventTimeMs(1_700_000_000_123L)
        .setEncoding(ImageEncoding.PNG)
        .setData(ByteBuffer.wrap(new byte[] {(byte) 0x89, 'P', 'N', 'G'}))
        .build();
  }

  private static ImageLabel label() {
    return ImageLabel.newBuilder()
        .setId("camera-7")
        .setLabel(9)
        .setEventTimeMs(1_700_000_060_123L)
        .setSource("annotator-3")
        .build();
  }

  private static LabelJoinEntry joinEntry() {
    return LabelJoinEntry.newBuilder()
        .setKind(LabelJoinKind.LABEL)
        .setDeadlineMs(1_700_003_660_123L)
        .setEventTimeMs(1_700_000_060_123L)
        .setLabel(9)
        .setPartition(2)
        .setOffset(41)
        .setTimestampMs(1_700_000_061_000L)
        .setHeaders(List.of(new KeptHeader("trace", ByteBuffer.wrap(new byte[] {1, 2}))))
        .setValue(ByteBuffer.wrap(new byte[] {(byte) 0xC3, 1, 0}))
        .build();
  }

  private static LabeledImage image() {
    return LabeledImage.newBuilder()
        .setId("train-7")
        .setLabel(9)
        .setEventTimeMs(1_700_000_000_123L)
        .setEncoding(ImageEncoding.RAW)
        .setChannels(1)
        .setHeight(2)
        .setWidth(3)
        .setData(ByteBuffer.wrap(new byte[] {0, 1, 127, -128, -2, -1}))
        .build();
  }

  private static TrainingMetrics metrics() {
    return TrainingMetrics.newBuilder()
        .setModel("lenet5")
        .setStep(12)
        .setImages(370)
        .setBatchSize(18)
        .setTrigger(BatchTrigger.LINGER)
        .setSources(sources())
        .setLoss(0.75f)
        .setAccuracy(0.5f)
        .setWindowSize(370)
        .setWindowLoss(1.25)
        .setWindowAccuracy(0.625)
        .setCumulativeLoss(1.25)
        .setCumulativeAccuracy(0.625)
        .setLearningRate(0.05)
        .setGradientNorm(3.5)
        .setRejected(2)
        .setSnapshotVersion(1)
        .setPredictions(List.of(new ImagePrediction(0, 352L, 9, 7, 0.5f, 1.25f)))
        .setObserved(
            new MetricsObserved(
                1_700_000_001_000L, 1234.5, Map.of("images-0", 4L), "a/1", 2.5, 700L, 4_200L))
        .build();
  }

  private static LearnerProgress progress() {
    return LearnerProgress.newBuilder()
        .setNetworkFingerprint("00ff")
        .setStep(12)
        .setPendingImages(3)
        .setImages(370)
        .setRejected(2)
        .setSnapshotVersion(1)
        .setSnapshotStep(10)
        .setEventTimeWatermarkMs(1_700_000_000_123L)
        .setSources(sources())
        .setMetricsCount(370)
        .setMetricsCorrect(231)
        .setMetricsLossSum(462.5)
        .setWindowLosses(List.of(0.5f, 0.25f))
        .setWindowHits(ByteBuffer.wrap(new byte[] {0, 1}))
        .build();
  }

  private static List<SourceRange> sources() {
    return List.of(new SourceRange("images", 0, 1L, 361L), new SourceRange("images", 1, 17L, 24L));
  }

  private static PendingImage pending() {
    return new PendingImage(
        "train-7", 9, 1_700_000_000_123L, "images", 0, 362L, ByteBuffer.wrap(new byte[] {1, -1}));
  }

  private static Prediction prediction() {
    return Prediction.newBuilder()
        .setId("test-3")
        .setModel("lenet5")
        .setSnapshotVersion(2)
        .setLabel(1)
        .setClassName("Trouser")
        .setProbabilities(List.of(0.125f, 0.875f))
        .build();
  }

  private static JournalEntry journal() {
    return JournalEntry.newBuilder()
        .setModel("lenet5")
        .setSequence(6)
        .setStep(12)
        .setImages(370)
        .setKind(JournalKind.CONFIGURED)
        .setMessage("changed")
        .setSettings(Map.of("minibatch.size", "32"))
        .setObserved(new JournalObserved(1_700_000_001_000L))
        .build();
  }

  private static ControlCommand command() {
    return ControlCommand.newBuilder()
        .setId("c-17")
        .setModel("lenet5")
        .setKind(ControlKind.ROLL_BACK)
        .setVersion(3L)
        .setNotBeforeStep(400L)
        .setSentMs(1_700_000_001_000L)
        .setExpiresMs(1_700_000_061_000L)
        .setReason("accuracy fell")
        .build();
  }

  private static ControlAcknowledgement acknowledgement() {
    return ControlAcknowledgement.newBuilder()
        .setCommandId("c-17")
        .setModel("lenet5")
        .setKind(ControlKind.ROLL_BACK)
        .setOutcome(ControlOutcome.APPLIED)
        .setMessage("rolled back to version 3")
        .setStep(400)
        .setVersion(9)
        .setObserved(new AcknowledgementObserved(1_700_000_002_000L))
        .build();
  }

  private static ModelAlias alias() {
    return ModelAlias.newBuilder()
        .setModel("lenet5")
        .setAlias("champion")
        .setVersion(3)
        .setSha256("ab".repeat(32))
        .setCommandId("c-18")
        .setObserved(new AliasObserved(1_700_000_002_000L))
        .build();
  }
}

package io.millrace.schemas;

import io.millrace.AcknowledgementObserved;
import io.millrace.ActivationStatistics;
import io.millrace.AliasObserved;
import io.millrace.BatchTrigger;
import io.millrace.ControlAcknowledgement;
import io.millrace.ControlCommand;
import io.millrace.ControlKind;
import io.millrace.ControlOutcome;
import io.millrace.ConvolutionFilters;
import io.millrace.Histogram;
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
import io.millrace.LayerStatistics;
import io.millrace.LearnerProgress;
import io.millrace.MetricsObserved;
import io.millrace.ModelAlias;
import io.millrace.ParameterStatistics;
import io.millrace.PendingImage;
import io.millrace.Prediction;
import io.millrace.SkipReason;
import io.millrace.SnapshotInput;
import io.millrace.SnapshotManifest;
import io.millrace.SnapshotMetrics;
import io.millrace.SnapshotNetwork;
import io.millrace.SnapshotNode;
import io.millrace.SnapshotObserved;
import io.millrace.SnapshotProvenance;
import io.millrace.SnapshotTensor;
import io.millrace.SourceRange;
import io.millrace.TensorKind;
import io.millrace.TrainingMetrics;
import io.millrace.UnlabeledImage;
import io.millrace.schemas.SnapshotRecords.NamedTensor;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;

/** One filled record of each type; the golden files hold these. */
final class Samples {
  private Samples() {}

  static Map<String, SpecificRecord> all() {
    Map<String, SpecificRecord> samples = new LinkedHashMap<>();
    samples.put("ControlAcknowledgement", acknowledgement());
    samples.put("ControlCommand", command());
    samples.put("ImageLabel", label());
    samples.put("JournalEntry", journal());
    samples.put("LabelJoinEntry", joinEntry());
    samples.put("LabeledImage", image());
    samples.put("LayerStatistics", layers());
    samples.put("LearnerProgress", progress());
    samples.put("ModelAlias", alias());
    samples.put("PendingImage", pending());
    samples.put("Prediction", prediction());
    samples.put("SnapshotManifest", manifest());
    samples.put("SnapshotTensor", chunk());
    samples.put("TrainingMetrics", metrics());
    samples.put("UnlabeledImage", unlabeled());
    return samples;
  }

  static UnlabeledImage unlabeled() {
    return UnlabeledImage.newBuilder()
        .setId("camera-7/000123")
        .setEventTimeMs(1_700_000_000_123L)
        .setEncoding(ImageEncoding.RAW)
        .setChannels(1)
        .setHeight(2)
        .setWidth(3)
        .setData(ByteBuffer.wrap(new byte[] {0, 1, 127, -128, -2, -1}))
        .build();
  }

  static ImageLabel label() {
    return ImageLabel.newBuilder()
        .setId("camera-7/000123")
        .setLabel(9)
        .setEventTimeMs(1_700_000_060_123L)
        .setSource("annotator-3")
        .build();
  }

  static LabelJoinEntry joinEntry() {
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

  static ControlCommand command() {
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

  static ControlAcknowledgement acknowledgement() {
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

  static ModelAlias alias() {
    return ModelAlias.newBuilder()
        .setModel("lenet5")
        .setAlias("champion")
        .setVersion(3)
        .setSha256("ab".repeat(32))
        .setCommandId("c-18")
        .setObserved(new AliasObserved(1_700_000_002_000L))
        .build();
  }

  static LabeledImage image() {
    return LabeledImage.newBuilder()
        .setId("train-7")
        .setLabel(9)
        .setEventTimeMs(1_700_000_000_123L)
        .setEncoding(ImageEncoding.RAW)
        .setChannels(1)
        .setHeight(2)
        .setWidth(3)
        .setData(ByteBuffer.wrap(new byte[] {0, 1, 127, -128, -2, -1}))
        .setHeldOut(true)
        .build();
  }

  static LearnerProgress progress() {
    return LearnerProgress.newBuilder()
        .setNetworkFingerprint("00ff")
        .setStep(12)
        .setPendingImages(3)
        .setImages(370)
        .setRejected(2)
        .setSnapshotVersion(1)
        .setSnapshotStep(10)
        .setEventTimeWatermarkMs(1_700_000_000_123L)
        .setSources(List.of(source(0, 1, 361)))
        .setMetricsCount(370)
        .setMetricsCorrect(231)
        .setMetricsLossSum(462.5)
        .setWindowLosses(List.of(0.5f, 0.25f))
        .setWindowHits(ByteBuffer.wrap(new byte[] {0, 1}))
        .setGuardLosses(List.of(0.5f, 0.375f))
        .setGuardGradientNorms(List.of(3.5, 2.25))
        .setSkippedMinibatches(4)
        .setSkippedImages(128)
        .setSkippedInRow(1)
        .setPaused(true)
        .setJournalEntries(6)
        .setSettings(Map.of("minibatch.size", "32"))
        .setCommands(List.of(ByteBuffer.wrap(new byte[] {1, 2})))
        .setCommandIds(List.of("c-16", "c-17"))
        .setLearningRate(0.0125)
        .setPausedByCommand(true)
        .setAliases(Map.of("champion", 3L))
        .setKeptVersions(List.of(3L))
        .build();
  }

  static JournalEntry journal() {
    return JournalEntry.newBuilder()
        .setModel("lenet5")
        .setSequence(6)
        .setStep(12)
        .setImages(370)
        .setKind(JournalKind.LINGERED)
        .setBatchSize(18)
        .setVersion(0)
        .setMessage("waited 1,000 ms")
        .setSettings(Map.of("minibatch.size", "32"))
        .setCommand(ByteBuffer.wrap(new byte[] {1, 2}))
        .setObserved(new JournalObserved(1_700_000_001_000L))
        .build();
  }

  static PendingImage pending() {
    return PendingImage.newBuilder()
        .setId("train-7")
        .setLabel(9)
        .setEventTimeMs(1_700_000_000_123L)
        .setTopic("millrace.images")
        .setPartition(0)
        .setOffset(362)
        .setPixels(ByteBuffer.wrap(new byte[] {0, 1, 127, -128, -2, -1}))
        .build();
  }

  static TrainingMetrics metrics() {
    return TrainingMetrics.newBuilder()
        .setModel("lenet5")
        .setStep(12)
        .setImages(370)
        .setBatchSize(18)
        .setTrigger(BatchTrigger.LINGER)
        .setSources(List.of(source(0, 352, 361), source(1, 17, 24)))
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
        .setSkipped(SkipReason.EXPLODING)
        .setSkippedMinibatches(4)
        .setPredictions(
            List.of(
                new ImagePrediction(0, 352L, 9, 9, 0.875f, 0.125f),
                new ImagePrediction(1, 24L, 0, 7, 0.5f, 2.5f)))
        .setObserved(
            MetricsObserved.newBuilder()
                .setTimeMs(1_700_000_001_000L)
                .setImagesPerSecond(1234.5)
                .setLag(Map.of("millrace.images-0", 4L))
                .setInstance("trainer-1/4711")
                .setCommitMs(12.5)
                .setRestoreMs(700)
                .setRestoredRecords(4_200)
                .build())
        .build();
  }

  static LayerStatistics layers() {
    Histogram spread = new Histogram(-1.5f, 2f, List.of(1, 0, 8), 1);
    return LayerStatistics.newBuilder()
        .setModel("lenet5")
        .setStep(200)
        .setNetworkFingerprint("00ff")
        .setParameters(
            List.of(new ParameterStatistics("conv1.weight", 3.5, 0.25, 0.0035, spread, spread)))
        .setActivations(
            List.of(new ActivationStatistics("conv1", List.of(6, 14, 14), 0.5, 1.25, 0.75, spread)))
        .setFilters(
            new ConvolutionFilters(
                "conv1.weight", List.of(1, 1, 1, 3), List.of(-1f, 0.5f, Float.MIN_VALUE)))
        .build();
  }

  static SnapshotTensor chunk() {
    return SnapshotTensor.newBuilder()
        .setVersion(2)
        .setTensor("fc.weight")
        .setChunk(0)
        .setChunks(1)
        .setOffset(0)
        .setData(ByteBuffer.wrap(TensorBytes.chunk(new float[] {1, -0f, 0.5f, Float.MIN_VALUE}, 0)))
        .build();
  }

  static Prediction prediction() {
    return Prediction.newBuilder()
        .setId("test-3")
        .setModel("lenet5")
        .setSnapshotVersion(2)
        .setLabel(1)
        .setClassName("Trouser")
        .setProbabilities(List.of(0.125f, 0.875f))
        .build();
  }

  /** A manifest as its publisher has it, with the fields that {@link SnapshotRecords} sets. */
  static SnapshotManifest manifest() {
    SnapshotManifest manifest = draft();
    SnapshotRecords.write(manifest, tensors(), (_, _) -> {});
    return manifest;
  }

  static List<NamedTensor> tensors() {
    return List.of(
        new NamedTensor("fc.weight", TensorKind.PARAMETER, List.of(2, 2), new float[] {1, 2, 3, 4}),
        new NamedTensor("fc.bias", TensorKind.PARAMETER, List.of(2), new float[] {-1, 1}));
  }

  static SnapshotManifest draft() {
    return SnapshotManifest.newBuilder()
        .setModel("lenet5")
        .setVersion(2)
        .setParentVersion(1L)
        .setStep(200)
        .setImages(6400)
        .setNetwork(network())
        .setNetworkFingerprint("ab".repeat(32))
        .setInput(new SnapshotInput(List.of(0.25f), List.of(0.5f)))
        .setClassNames(List.of("T-shirt", "Trouser"))
        .setTensors(List.of())
        .setSha256("")
        .setProvenance(
            SnapshotProvenance.newBuilder()
                .setSeed(42)
                .setOptimizer(Map.of("momentum", "0.9"))
                .setSchedule("constant 0.05")
                .setSources(List.of(source(0, 0, 6402)))
                .setCodeVersion("0.1.0")
                .build())
        .setMetrics(
            SnapshotMetrics.newBuilder()
                .setWindowSize(1000)
                .setWindowLoss(0.5)
                .setWindowAccuracy(0.8125)
                .setCumulativeLoss(0.75)
                .setCumulativeAccuracy(0.75)
                .build())
        .setObserved(
            SnapshotObserved.newBuilder()
                .setTimeMs(1_700_000_002_000L)
                .setJdk("25.0.3")
                .setKernels("vector")
                .setVectorBits(256)
                .setHost("learner-0")
                .build())
        .setChecksum("")
        .build();
  }

  private static SnapshotNetwork network() {
    return SnapshotNetwork.newBuilder()
        .setName("lenet5")
        .setInput(List.of(1, 1, 2))
        .setLoss("softmaxCrossEntropy")
        .setNodes(
            List.of(
                new SnapshotNode("flat", "flatten", List.of("input"), Map.of()),
                new SnapshotNode("fc", "linear", List.of("flat"), Map.of("outFeatures", "2"))))
        .build();
  }

  private static SourceRange source(int partition, long first, long last) {
    return new SourceRange(Topics.IMAGES, partition, first, last);
  }
}

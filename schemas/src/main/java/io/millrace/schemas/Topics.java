package io.millrace.schemas;

/** The topics' default names; each can be configured. */
public final class Topics {
  /** {@code LabeledImage}: what to learn from. */
  public static final String IMAGES = "millrace.images";

  /** {@code TrainingMetrics}, one for each minibatch, keyed by the model's name. */
  public static final String METRICS = "millrace.metrics";

  /** {@code LayerStatistics}, every so many steps, keyed by the model's name. */
  public static final String LAYERS = "millrace.layers";

  /** {@code SnapshotTensor} and {@code SnapshotManifest}, one partition, compacted. */
  public static final String SNAPSHOTS = "millrace.snapshots";

  /** What could not be used, byte for byte as it came, with {@link DeadLetterHeaders}. */
  public static final String DEAD_LETTERS = "millrace.dead-letters";

  /** {@code JournalEntry}: what a clock or an operator decided, one partition, kept for ever. */
  public static final String JOURNAL = "millrace.journal";

  /** {@code ControlCommand}: what a learner is told to do, one partition. */
  public static final String CONTROL = "millrace.control";

  /** {@code ControlAcknowledgement}, keyed by the command's id: what became of it. */
  public static final String ACKNOWLEDGEMENTS = "millrace.acknowledgements";

  /** {@code ModelAlias}, keyed {@code model/alias}, one partition, compacted. */
  public static final String ALIASES = "millrace.aliases";

  /** {@code UnlabeledImage}, keyed by id: what to predict, and what labels may come for. */
  public static final String UNLABELED = "millrace.unlabeled";

  /** {@code Prediction}, keyed as its image. */
  public static final String PREDICTIONS = "millrace.predictions";

  /** {@code ImageLabel}, keyed by id, as many partitions as {@link #UNLABELED}. */
  public static final String LABELS = "millrace.labels";

  private Topics() {}
}

package io.millrace.app.dashboard;

import io.millrace.ControlAcknowledgement;
import io.millrace.JournalEntry;
import io.millrace.LayerStatistics;
import io.millrace.SnapshotManifest;
import io.millrace.TrainingMetrics;
import io.millrace.app.dashboard.feed.PastReader;
import io.millrace.app.dashboard.feed.Source;
import io.millrace.app.dashboard.history.Curves;
import io.millrace.app.dashboard.panel.DeadLettersPanel;
import io.millrace.app.dashboard.panel.ImagesPanel;
import io.millrace.app.dashboard.panel.JournalPanel;
import io.millrace.app.dashboard.panel.LayersPanel;
import io.millrace.app.dashboard.panel.MetricsPanel;
import io.millrace.app.dashboard.panel.Panel;
import io.millrace.app.dashboard.panel.SnapshotsPanel;
import io.millrace.app.dashboard.panel.StatePanel;
import io.millrace.app.dashboard.panel.StatusPanel;
import io.millrace.app.dashboard.panel.StreamPanel;
import io.millrace.app.dashboard.picture.RecordPictures;
import io.millrace.schemas.AvroCodec;
import io.millrace.serving.NetworkSpecs;
import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.config.TopicNames;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All that the page shows, and which topic each of it comes from. */
final class Panels {
  private static final Logger LOG = LoggerFactory.getLogger(Panels.class);

  /** Enough for the window of predictions and some curve; what was before is read behind it. */
  private static final long METRICS_BACK = 1_000;

  /** Every second offset may be a transaction's mark. */
  private static final long LAYERS_BACK = 600;

  private static final long SHORT_BACK = 400;
  private static final int MAX_FOREIGN = 5;

  final Curves curves = new Curves(System::currentTimeMillis);
  final RecordPictures pictures = new RecordPictures();
  final StatePanel state;
  final StatusPanel status = new StatusPanel();
  final MetricsPanel metrics;
  final ImagesPanel images;
  final DeadLettersPanel deadLetters;
  final LayersPanel layers = new LayersPanel();
  final SnapshotsPanel snapshots;
  final StreamPanel stream = new StreamPanel();
  final JournalPanel journal = new JournalPanel();

  private final LearnerConfig config;
  private final AvroCodec<TrainingMetrics> metricsCodec = AvroCodec.of(TrainingMetrics.class);
  private final AvroCodec<LayerStatistics> layersCodec = AvroCodec.of(LayerStatistics.class);
  private final AvroCodec<JournalEntry> journalCodec = AvroCodec.of(JournalEntry.class);
  private final AvroCodec<ControlAcknowledgement> answerCodec =
      AvroCodec.of(ControlAcknowledgement.class);
  private final Set<String> otherModels = Collections.synchronizedSet(new TreeSet<>());

  Panels(DashboardSettings settings) {
    config = settings.config();
    state = new StatePanel(config, settings.known(), !settings.readOnly());
    metrics = new MetricsPanel(curves, this::paused);
    images = new ImagesPanel(() -> state.network().orElse(config.network()).classes());
    deadLetters =
        new DeadLettersPanel(
            () -> metrics.newest().map(TrainingMetrics::getRejected).orElse(0L),
            pictures::looksLikeOne);
    snapshots = new SnapshotsPanel(config.model(), this::learned);
  }

  /** In the order in which a new page gets them. */
  List<Panel> all() {
    return List.of(state, status, metrics, images, deadLetters, layers, snapshots, stream, journal);
  }

  /** What is small, and to be there at once. */
  List<Source> quickSources(Source.Started metricsStarted) {
    TopicNames topics = config.topics();
    return List.of(
        new Source(topics.metrics(), METRICS_BACK, metricsStarted, this::metrics),
        Source.last(topics.layers(), LAYERS_BACK, this::layers),
        Source.last(topics.deadLetters(), SHORT_BACK, deadLetters::accept),
        Source.last(topics.journal(), SHORT_BACK, this::journal),
        Source.last(topics.acknowledgements(), SHORT_BACK, this::answer),
        Source.whole(topics.aliases(), snapshots::alias));
  }

  /** What is large. */
  List<Source> slowSources() {
    return List.of(Source.whole(config.topics().snapshots(), snapshots::snapshot));
  }

  /** How far back curves are read at start. */
  static PastReader.Limits past() {
    return new PastReader.Limits(Curves.LONGEST, 300_000);
  }

  /** A record from before the page was started. */
  void past(ConsumerRecord<byte[], byte[]> record) {
    TrainingMetrics of = metricsCodec.decode(record.value());
    if (of.getModel().equals(config.model())) {
      curves.add(MetricsPanel.point(of));
    }
  }

  private void metrics(ConsumerRecord<byte[], byte[]> record) {
    TrainingMetrics of = metricsCodec.decode(record.value());
    if (!of.getModel().equals(config.model())) {
      if (otherModels.size() < MAX_FOREIGN) {
        otherModels.add(of.getModel());
      }
      return;
    }
    metrics.accept(of);
    images.accept(of);
    stream.accept(of);
  }

  /** What to say of other models, as long as there is nothing of this one. */
  List<String> problems() {
    if (otherModels.isEmpty() || metrics.newest().isPresent()) {
      return List.of();
    }
    return List.of(
        "topic "
            + config.topics().metrics()
            + ": expected model "
            + config.model()
            + ", got only "
            + otherModels
            + "; start the page with --set model=NAME");
  }

  private void layers(ConsumerRecord<byte[], byte[]> record) {
    LayerStatistics of = layersCodec.decode(record.value());
    if (of.getModel().equals(config.model())) {
      layers.accept(of);
      // Without a snapshot yet, this tells whether the configuration has the right network.
      if (state.network().isEmpty()
          && of.getNetworkFingerprint().equals(config.network().fingerprint())) {
        state.learned(config.network(), config.images().classNames());
      }
    }
  }

  private void journal(ConsumerRecord<byte[], byte[]> record) {
    JournalEntry of = journalCodec.decode(record.value());
    if (of.getModel().equals(config.model())) {
      journal.entry(of);
    }
  }

  private void answer(ConsumerRecord<byte[], byte[]> record) {
    ControlAcknowledgement of = answerCodec.decode(record.value());
    if (of.getModel().equals(config.model())) {
      journal.answer(of);
    }
  }

  private void learned(SnapshotManifest manifest) {
    try {
      state.learned(NetworkSpecs.fromManifest(manifest.getNetwork()), manifest.getClassNames());
    } catch (IllegalArgumentException e) {
      LOG.warn("page: version {}: no network to show: {}", manifest.getVersion(), e.getMessage());
    }
  }

  private boolean paused() {
    return journal.paused(
        metrics
            .newest()
            .map(newest -> newest.getObserved().getTimeMs())
            .orElse(Long.MIN_VALUE + 1));
  }
}

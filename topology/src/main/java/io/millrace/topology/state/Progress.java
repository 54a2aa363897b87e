package io.millrace.topology.state;

import io.millrace.LearnerProgress;
import io.millrace.SourceRange;
import io.millrace.topology.decode.DecodedImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * How far learning has come, apart from the tensors: counters, the input that was covered, and the
 * metrics that go on from there. All of it is a function of the input.
 */
public final class Progress {

  private long images;
  private long rejected;
  private long snapshotVersion;
  private long snapshotStep;
  private long eventTimeWatermarkMs = -1;
  private final List<SourceRange> sources = new ArrayList<>();
  private final PrequentialMetrics metrics = new PrequentialMetrics();
  private final Refusals refusals = new Refusals();
  private final ControlState control = new ControlState();
  private long journalEntries;
  private Map<String, String> settings = Map.of();
  private boolean changed;

  /** Images trained on so far. */
  public long images() {
    return images;
  }

  /** Records that went to the dead letters so far. */
  public long rejected() {
    return rejected;
  }

  public void countRejected() {
    rejected++;
    changed = true;
  }

  /** The newest published version; 0 before the first. */
  public long snapshotVersion() {
    return snapshotVersion;
  }

  /** The step at which the newest version was published. */
  public long snapshotStep() {
    return snapshotStep;
  }

  public void published(long version, long step) {
    snapshotVersion = version;
    snapshotStep = step;
    changed = true;
  }

  /** The largest event time seen, in milliseconds, or -1 before the first image. */
  public long eventTimeWatermarkMs() {
    return eventTimeWatermarkMs;
  }

  /** Offsets covered since the beginning, one range for each partition. */
  public List<SourceRange> sources() {
    return sources;
  }

  public PrequentialMetrics metrics() {
    return metrics;
  }

  public Refusals refusals() {
    return refusals;
  }

  public ControlState control() {
    return control;
  }

  /** Images taken out of the stream for minibatches, refused ones included. */
  public long imagesTaken() {
    return images + refusals.images();
  }

  /** Counts an entry of the journal; its number, from 1 on. */
  public long nextJournalEntry() {
    changed = true;
    return ++journalEntries;
  }

  /** The settings that the journal has last heard of; none before its first entry. */
  public Map<String, String> settings() {
    return settings;
  }

  public void settings(Map<String, String> newSettings) {
    settings = Map.copyOf(newSettings);
    changed = true;
  }

  /** Takes in one image that was trained on. */
  public void trained(DecodedImage image, float loss, boolean correct) {
    images++;
    eventTimeWatermarkMs = Math.max(eventTimeWatermarkMs, image.eventTimeMs());
    cover(sources, image);
    metrics.add(loss, correct);
    changed = true;
  }

  /** Extends the range of the image's partition, or opens it. */
  public static void cover(List<SourceRange> ranges, DecodedImage image) {
    for (SourceRange range : ranges) {
      if (range.getPartition() == image.partition() && range.getTopic().equals(image.topic())) {
        range.setLastOffset(Math.max(range.getLastOffset(), image.offset()));
        return;
      }
    }
    ranges.add(new SourceRange(image.topic(), image.partition(), image.offset(), image.offset()));
    ranges.sort(
        Comparator.comparing(SourceRange::getTopic).thenComparingInt(SourceRange::getPartition));
  }

  boolean drainChanged() {
    boolean refused = refusals.drainChanged();
    boolean commanded = control.drainChanged();
    boolean drained = changed || refused || commanded;
    changed = false;
    return drained;
  }

  void writeTo(LearnerProgress record) {
    record.setImages(images);
    record.setRejected(rejected);
    record.setSnapshotVersion(snapshotVersion);
    record.setSnapshotStep(snapshotStep);
    record.setEventTimeWatermarkMs(eventTimeWatermarkMs);
    record.setSources(List.copyOf(sources));
    metrics.writeTo(record);
    refusals.writeTo(record);
    control.writeTo(record);
    record.setJournalEntries(journalEntries);
    record.setSettings(settings);
  }

  void readFrom(LearnerProgress record) {
    images = record.getImages();
    rejected = record.getRejected();
    snapshotVersion = record.getSnapshotVersion();
    snapshotStep = record.getSnapshotStep();
    eventTimeWatermarkMs = record.getEventTimeWatermarkMs();
    sources.clear();
    sources.addAll(record.getSources());
    metrics.readFrom(record);
    refusals.readFrom(record);
    control.readFrom(record);
    journalEntries = record.getJournalEntries();
    settings = Map.copyOf(record.getSettings());
  }
}

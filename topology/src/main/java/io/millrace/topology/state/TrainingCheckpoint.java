package io.millrace.topology.state;

import io.millrace.LearnerProgress;
import io.millrace.PendingImage;
import io.millrace.model.training.StateTensor;
import io.millrace.model.training.TrainingState;
import io.millrace.schemas.AvroCodec;
import io.millrace.schemas.TensorBytes;
import io.millrace.topology.decode.DecodedImage;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a learner must remember: tensors, progress and the images of the unfinished
 * minibatch, as entries of a changelog.
 *
 * <p>Detached, it is a map of entries, which restoring fills. {@link #attach} copies them into a
 * learner's own arrays, which are the state from then on; {@link #detach} copies them back, as a
 * task that is suspended or becomes a standby needs. In between the map keeps each chunk of a
 * tensor as the changelog has it, so that a commit writes only the chunks that differ.
 */
public final class TrainingCheckpoint {

  private static final String PROGRESS_KEY = "progress";
  private static final String PENDING_PREFIX = "pending/";
  private static final String TENSOR_PREFIX = "tensor/";
  private static final int CHUNK_FLOATS = TensorBytes.CHUNK_BYTES / Float.BYTES;

  private final AvroCodec<LearnerProgress> progressCodec = AvroCodec.of(LearnerProgress.class);
  private final AvroCodec<PendingImage> pendingCodec = AvroCodec.of(PendingImage.class);
  private final Map<String, byte[]> entries = new HashMap<>();
  private final Set<String> unlogged = new LinkedHashSet<>();
  private Progress progress = new Progress();
  private PendingMinibatch pending = new PendingMinibatch();
  private @Nullable TrainingState state;
  private String fingerprint = "";
  private long loggedStep;
  private int loggedPending;

  public Progress progress() {
    return progress;
  }

  public PendingMinibatch pending() {
    return pending;
  }

  /**
   * Moves what was restored into the learner's arrays; with nothing restored, keeps the learner's
   * initial state.
   *
   * @param networkFingerprint of the configured network; state of another network is refused
   * @throws IllegalStateException if the state is of another network or not whole
   */
  public void attach(String networkFingerprint, TrainingState learnerState) {
    progress = new Progress();
    pending = new PendingMinibatch();
    loggedStep = 0;
    loggedPending = 0;
    byte[] bytes = entries.get(PROGRESS_KEY);
    if (bytes != null) {
      LearnerProgress record = progressCodec.decode(bytes);
      requireSameNetwork(networkFingerprint, record.getNetworkFingerprint());
      // Before the first step there is nothing but the initial weights, which nobody has written.
      if (record.getStep() > 0) {
        learnerState.tensors().forEach(this::readTensor);
      }
      for (int slot = 0; slot < record.getPendingImages(); slot++) {
        pending.restore(decodeImage(entry(PENDING_PREFIX + slot)));
      }
      learnerState.step(record.getStep());
      progress.readFrom(record);
      loggedStep = record.getStep();
      loggedPending = record.getPendingImages();
    }
    if (!unlogged.isEmpty()) {
      loggedStep = -1;
      pending.markAllChanged();
      entries.keySet().removeAll(unlogged);
      unlogged.clear();
    }
    entries.keySet().removeIf(key -> !key.startsWith(TENSOR_PREFIX));
    fingerprint = networkFingerprint;
    state = learnerState;
  }

  /** Has the next commit write the tensors although no step was made. */
  public void tensorsChanged() {
    loggedStep = -1;
  }

  /** Moves the state out of the learner's arrays; what no commit has written yet stays marked. */
  public void detach() {
    TrainingState state = this.state;
    if (state == null) {
      return;
    }
    drainChanged((key, value) -> {
      entries.put(key, value);
      unlogged.add(key);
    });
    for (StateTensor tensor : state.tensors()) {
      logTensor(tensor, (_, _) -> {});
    }
    for (int slot = 0; slot < pending.size(); slot++) {
      entries.putIfAbsent(PENDING_PREFIX + slot, encodeImage(pending.get(slot)));
    }
    entries.putIfAbsent(PROGRESS_KEY, encodeProgress(state));
    this.state = null;
  }

  /** Takes one entry of the changelog; null is a tombstone. */
  void restore(String key, byte @Nullable [] value) {
    if (value == null) {
      entries.remove(key);
    } else {
      entries.put(key, value);
    }
  }

  /** Hands out every entry that changed since the last call. */
  void drainChanged(FlushOnCommitStore.ChangeLogger logger) {
    TrainingState state = this.state;
    if (state == null) {
      unlogged.forEach(key -> logger.log(key, entry(key)));
      unlogged.clear();
      return;
    }
    boolean stepped = state.step() != loggedStep;
    if (stepped) {
      for (StateTensor tensor : state.tensors()) {
        logTensor(tensor, logger);
      }
      loggedStep = state.step();
    }
    pending.drainChanged((image, slot) -> logger.log(PENDING_PREFIX + slot, encodeImage(image)));
    boolean progressed = progress.drainChanged();
    if (progressed || stepped || pending.size() != loggedPending) {
      loggedPending = pending.size();
      logger.log(PROGRESS_KEY, encodeProgress(state));
    }
  }

  /** Forgets everything, as a store that is closed must. */
  void clear() {
    entries.clear();
    unlogged.clear();
    progress = new Progress();
    pending = new PendingMinibatch();
    state = null;
  }

  private static void requireSameNetwork(String configured, String stored) {
    if (!configured.equals(stored)) {
      throw new IllegalStateException(
          "training state: expected network "
              + configured
              + ", got the state of network "
              + stored
              + "; use the network that it was trained with, or another application.id to start"
              + " anew");
    }
  }

  private byte[] entry(String key) {
    byte[] value = entries.get(key);
    if (value == null) {
      throw new IllegalStateException(
          "training state: expected the entry "
              + key
              + ", got none; the changelog topic has lost records, or its cleanup.policy is not"
              + " compact");
    }
    return value;
  }

  /** Hands out the chunks that differ from what was handed out before. */
  private void logTensor(StateTensor tensor, FlushOnCommitStore.ChangeLogger logger) {
    float[] data = tensor.tensor().data();
    for (int chunk = 0; chunk < TensorBytes.chunks(data.length * Float.BYTES); chunk++) {
      String key = TENSOR_PREFIX + tensor.name() + "/" + chunk;
      byte[] bytes = TensorBytes.chunk(data, chunk);
      if (!Arrays.equals(bytes, entries.put(key, bytes))) {
        logger.log(key, bytes);
      }
    }
  }

  private void readTensor(StateTensor tensor) {
    float[] data = tensor.tensor().data();
    int read = 0;
    for (int chunk = 0; chunk < TensorBytes.chunks(data.length * Float.BYTES); chunk++) {
      String key = TENSOR_PREFIX + tensor.name() + "/" + chunk;
      float[] values = TensorBytes.floats(entry(key));
      if (values.length != Math.min(CHUNK_FLOATS, data.length - read)) {
        throw new IllegalStateException(
            "training state: "
                + key
                + ": expected "
                + Math.min(CHUNK_FLOATS, data.length - read)
                + " elements, got "
                + values.length);
      }
      System.arraycopy(values, 0, data, read, values.length);
      read += values.length;
    }
  }

  private byte[] encodeProgress(TrainingState state) {
    LearnerProgress record = new LearnerProgress();
    record.setNetworkFingerprint(fingerprint);
    record.setStep(state.step());
    record.setPendingImages(pending.size());
    progress.writeTo(record);
    return progressCodec.encode(record);
  }

  private byte[] encodeImage(DecodedImage image) {
    return pendingCodec.encode(
        new PendingImage(
            image.id(),
            image.label(),
            image.eventTimeMs(),
            image.topic(),
            image.partition(),
            image.offset(),
            ByteBuffer.wrap(image.pixels())));
  }

  private DecodedImage decodeImage(byte[] bytes) {
    PendingImage image = pendingCodec.decode(bytes);
    byte[] pixels = new byte[image.getPixels().remaining()];
    image.getPixels().duplicate().get(pixels);
    return new DecodedImage(
        image.getId(),
        image.getLabel(),
        pixels,
        image.getEventTimeMs(),
        image.getTopic(),
        image.getPartition(),
        image.getOffset());
  }
}

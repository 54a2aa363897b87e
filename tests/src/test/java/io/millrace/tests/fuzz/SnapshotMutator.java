package io.millrace.tests.fuzz;

import io.millrace.SnapshotInput;
import io.millrace.SnapshotManifest;
import io.millrace.SnapshotNetwork;
import io.millrace.SnapshotNode;
import io.millrace.SnapshotTensor;
import io.millrace.TensorInfo;
import io.millrace.TensorKind;
import io.millrace.schemas.InvalidRecordException;
import io.millrace.schemas.SnapshotRecords;
import io.millrace.serving.NetworkSpecs;
import io.millrace.tests.fuzz.SnapshotFrames.Frame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/** Changes the records of a snapshot: their order, and fields behind checksums that it mends. */
final class SnapshotMutator {
  private final SplittableRandom random;
  private final Mutator mutator;
  private final List<Frame> frames;

  private SnapshotMutator(SplittableRandom random, Mutator mutator, List<Frame> frames) {
    this.random = random;
    this.mutator = mutator;
    this.frames = new ArrayList<>(frames);
  }

  static List<Frame> mutate(SplittableRandom random, Mutator mutator, List<Frame> frames) {
    SnapshotMutator run = new SnapshotMutator(random, mutator, frames);
    for (int changes = 1 + random.nextInt(3); changes > 0 && !run.frames.isEmpty(); changes--) {
      run.change(random.nextInt(run.frames.size()));
    }
    return run.frames;
  }

  private void change(int at) {
    Frame frame = frames.get(at);
    switch (random.nextInt(12)) {
      case 0 -> frames.remove(at);
      case 1 -> frames.add(random.nextInt(frames.size()), frame);
      case 2 -> Collections.swap(frames, at, random.nextInt(frames.size()));
      case 3 -> Collections.shuffle(frames.subList(0, at + 1), new Random(random.nextLong()));
      case 4 -> frames.set(at, new Frame(frame.key(), null));
      case 5 -> frames.set(at, new Frame(mutated(frame.key()), frame.value()));
      case 6 -> {
        if (frame.value() != null) {
          frames.set(at, new Frame(frame.key(), mutated(frame.value())));
        }
      }
      case 7, 8 -> piece(at);
      default -> manifest();
    }
  }

  private byte[] mutated(byte[] bytes) {
    return mutator.change(random, bytes, List.of(bytes));
  }

  /** Another chunk, in the place of the one there or beside it. */
  private void piece(int at) {
    Frame frame = frames.get(at);
    if (frame.value() == null || SnapshotSeeds.isManifest(frame)) {
      return;
    }
    SnapshotTensor piece;
    try {
      piece = SnapshotSeeds.CHUNKS.decode(frame.value());
    } catch (InvalidRecordException e) {
      return; // an earlier change made it unreadable
    }
    int border = random.nextBoolean() ? random.nextInt(4) : (int) Mutator.number(random);
    switch (random.nextInt(6)) {
      case 0 -> piece.setChunk(border);
      case 1 -> piece.setChunks(border);
      case 2 -> piece.setOffset(border);
      case 3 -> piece.setVersion(1 + random.nextInt(4));
      case 4 -> piece.setTensor(Hostile.text(random));
      default ->
          piece.setData(ByteBuffer.allocate(random.nextInt(random.nextInt(20) == 0 ? 40_000 : 99)));
    }
    Frame changed = SnapshotSeeds.chunk(piece);
    if (random.nextBoolean()) {
      frames.set(at, changed);
    } else {
      frames.add(at, changed);
    }
  }

  private void manifest() {
    for (int at = 0; at < frames.size(); at++) {
      Frame frame = frames.get(at);
      if (frame.value() != null && SnapshotSeeds.isManifest(frame)) {
        try {
          SnapshotManifest manifest = SnapshotRecords.open(frame.value());
          change(manifest);
          frames.set(at, SnapshotSeeds.manifest(manifest));
        } catch (InvalidRecordException e) {
          return; // an earlier change made it unreadable
        }
      }
    }
  }

  private void change(SnapshotManifest manifest) {
    switch (random.nextInt(8)) {
      case 0 -> manifest.setVersion(random.nextInt(5));
      case 1 -> manifest.setModel(random.nextBoolean() ? "other" : Hostile.text(random));
      case 2 -> manifest.setClassNames(List.of(Hostile.text(random)));
      case 3 -> manifest.setInput(new SnapshotInput(floats(), floats()));
      case 4, 5 -> tensor(manifest);
      default -> network(manifest);
    }
  }

  private List<Float> floats() {
    List<Float> floats = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      floats.add(Float.intBitsToFloat(random.nextInt()));
    }
    return floats;
  }

  private void tensor(SnapshotManifest manifest) {
    if (manifest.getTensors().isEmpty()) {
      return;
    }
    int at = random.nextInt(manifest.getTensors().size());
    TensorInfo info = manifest.getTensors().get(at);
    int border = (int) Mutator.number(random);
    switch (random.nextInt(7)) {
      case 0 -> info.setChunks(border);
      case 1 -> info.setSizeBytes(border);
      case 2 -> info.setShape(List.of(border, random.nextInt(4)));
      case 3 -> info.setSha256(Hostile.text(random));
      case 4 -> info.setName(Hostile.text(random));
      case 5 -> info.setKind(TensorKind.UNKNOWN);
      default -> manifest.getTensors().remove(at);
    }
    manifest.setSha256(SnapshotRecords.sha256(manifest.getTensors()));
  }

  private void network(SnapshotManifest manifest) {
    SnapshotNetwork network = manifest.getNetwork();
    int at = random.nextInt(Math.max(1, network.getNodes().size()));
    switch (random.nextInt(5)) {
      case 0 -> network.setInput(List.of(1, (int) Mutator.number(random), random.nextInt(9)));
      case 1 -> network.setName(Hostile.text(random));
      case 2 -> network.setLoss(Hostile.text(random));
      default -> {
        if (at < network.getNodes().size()) {
          node(network.getNodes().get(at));
        }
      }
    }
    try {
      manifest.setNetworkFingerprint(NetworkSpecs.fromManifest(network).fingerprint());
    } catch (IllegalArgumentException | ArithmeticException | StackOverflowError e) {
      manifest.setNetworkFingerprint("none"); // no network any more: that is for the reader to say
    }
  }

  private void node(SnapshotNode node) {
    List<String> names = List.copyOf(node.getAttributes().keySet());
    switch (random.nextInt(5)) {
      case 0 -> node.setName(Hostile.text(random));
      case 1 -> node.setOperation(Hostile.text(random));
      case 2 -> node.setInputs(Collections.nCopies(random.nextInt(4), Hostile.text(random)));
      default -> {
        if (!names.isEmpty()) {
          node.getAttributes().put(Mutator.pick(random, names), Hostile.text(random));
        }
      }
    }
  }
}

package io.millrace.tests.fuzz;

import io.millrace.TensorInfo;
import io.millrace.model.spec.NetworkParameters;
import io.millrace.model.spec.ParameterSpec;
import io.millrace.model.tensor.Tensor;
import io.millrace.schemas.SnapshotRecords;
import io.millrace.schemas.SnapshotRecords.NamedTensor;
import io.millrace.schemas.TensorBytes;
import io.millrace.serving.AssemblyResult;
import io.millrace.serving.AssemblyResult.Assembled;
import io.millrace.serving.Snapshot;
import io.millrace.serving.SnapshotAssembler;
import io.millrace.tests.fuzz.SnapshotFrames.Frame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Records of the snapshot topic: whatever comes, a snapshot that is handed out has the weights that
 * its checksum says, and the whole snapshot behind it is handed out, too.
 */
final class SnapshotTarget implements FuzzTarget {
  private static final int MAX_BYTES = 1 << 17;
  private static final long MAX_SNAPSHOT_BYTES = 1 << 16;
  private static final long GOOD_VERSION = 999_999_999_999L;

  private final List<List<Frame>> snapshots =
      List.of(
          SnapshotSeeds.frames(1),
          SnapshotSeeds.frames(2),
          mixed(SnapshotSeeds.frames(2), SnapshotSeeds.frames(3)));
  private final List<byte[]> seeds = snapshots.stream().map(SnapshotFrames::write).toList();
  private final List<Frame> good = SnapshotSeeds.frames(GOOD_VERSION);
  private final List<NamedTensor> goodTensors = SnapshotSeeds.tensors(GOOD_VERSION);
  private final Mutator mutator =
      new Mutator(Mutator.texts("small", "/000000000001/", "manifest", "tensor/"), MAX_BYTES);

  /** Chunks of two versions in turn, then both manifests. */
  private static List<Frame> mixed(List<Frame> first, List<Frame> second) {
    List<Frame> mixed = new ArrayList<>();
    for (int i = 0; i < first.size(); i++) {
      mixed.add(first.get(i));
      mixed.add(second.get(i));
    }
    return mixed;
  }

  @Override
  public String name() {
    return "snapshot";
  }

  @Override
  public int weight() {
    return 30;
  }

  @Override
  public List<byte[]> seeds() {
    return seeds;
  }

  @Override
  public long maxAllocationBytes() {
    return 24 << 20;
  }

  @Override
  public String allocationReason() {
    return "inputs of at most 128 KiB, decoded and put together once, and texts of what was wrong"
        + " with them";
  }

  @Override
  public byte[] input(SplittableRandom random) {
    if (random.nextInt(8) == 0) {
      return mutator.mutate(random, seeds);
    }
    List<Frame> frames = SnapshotMutator.mutate(random, mutator, Mutator.pick(random, snapshots));
    byte[] bytes = SnapshotFrames.write(frames);
    return bytes.length > MAX_BYTES ? Arrays.copyOf(bytes, MAX_BYTES) : bytes;
  }

  @Override
  public Outcome run(byte[] input) {
    SnapshotAssembler assembler =
        new SnapshotAssembler(Optional.of(SnapshotSeeds.NETWORK.name()), MAX_SNAPSHOT_BYTES);
    Outcome outcome = Outcome.REJECTED;
    long newest = 0;
    for (Frame frame : SnapshotFrames.read(input)) {
      switch (assembler.accept(frame.key(), frame.value())) {
        case Assembled assembled -> {
          requireItsChecksum(assembled.snapshot());
          newest = assembled.snapshot().version();
          outcome = Outcome.ACCEPTED;
        }
        case AssemblyResult.Rejected rejected -> {
          if (rejected.detail().isEmpty()) {
            throw new FaultException("rejected without a reason");
          }
        }
        case AssemblyResult.Pending _ -> {}
      }
    }
    if (newest < GOOD_VERSION) {
      requireGoodSnapshot(assembler);
    }
    return outcome;
  }

  private static void requireItsChecksum(Snapshot snapshot) {
    List<TensorInfo> infos = new ArrayList<>();
    for (ParameterSpec parameter : NetworkParameters.list(snapshot.network())) {
      Tensor tensor = Objects.requireNonNull(snapshot.tensors().get(parameter.name()));
      TensorInfo info = new TensorInfo();
      info.setName(parameter.name());
      info.setKind(SnapshotSeeds.kind(parameter));
      info.setShape(Arrays.stream(tensor.shape().toArray()).boxed().toList());
      info.setSha256(TensorBytes.sha256(tensor.data()));
      infos.add(info);
    }
    if (!SnapshotRecords.sha256(infos).equals(snapshot.sha256())) {
      throw new FaultException(snapshot + ": other weights than its SHA-256 says");
    }
  }

  private void requireGoodSnapshot(SnapshotAssembler assembler) {
    AssemblyResult last = null;
    for (Frame frame : good) {
      last = assembler.accept(frame.key(), frame.value());
    }
    if (!(last instanceof Assembled assembled)) {
      throw new FaultException("good snapshot behind the input is lost: " + last);
    }
    for (NamedTensor tensor : goodTensors) {
      Tensor got = Objects.requireNonNull(assembled.snapshot().tensors().get(tensor.name()));
      if (!Arrays.equals(tensor.values(), got.data())) {
        throw new FaultException("good snapshot behind the input has another " + tensor.name());
      }
    }
  }
}

package io.millrace.serving;

import io.millrace.SnapshotManifest;
import io.millrace.SnapshotTensor;
import io.millrace.schemas.InvalidRecordException;
import io.millrace.schemas.RecordSignatures.TrustedKeys;
import io.millrace.schemas.SnapshotKey;
import io.millrace.schemas.SnapshotRecords;
import io.millrace.serving.AssemblyResult.Assembled;
import io.millrace.serving.AssemblyResult.Pending;
import io.millrace.serving.AssemblyResult.Reason;
import io.millrace.serving.AssemblyResult.Rejected;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts the records of the snapshot topic together, one model's. Pieces may come in any order and
 * more than once, and versions may be mixed; a manifest ends its version, which is then either
 * whole and right or rejected with the reason. Knows nothing of Kafka. Not thread-safe.
 *
 * <p>Memory is bounded: pieces that wait for their manifest hold at most the limit. Versions begun
 * earlier give way to the one that arrives, and one that alone is above the limit is rejected.
 */
public final class SnapshotAssembler {
  // A writer has one version under way at a time; more than a few are left-overs.
  private static final int MAX_OPEN = 16;

  private final long maxBytes;
  private final TrustedKeys trusted;
  private final Map<Version, SnapshotParts> begun = new LinkedHashMap<>();
  private @Nullable String model;
  private long newest;

  private record Version(String model, long version) {
    static Version of(SnapshotKey key) {
      return new Version(key.model(), key.version());
    }
  }

  /** Puts snapshots together whoever signed them or not. */
  public SnapshotAssembler(Optional<String> model, long maxBytes) {
    this(model, maxBytes, TrustedKeys.none());
  }

  /**
   * @param model the model to put together; empty for that of the first whole snapshot
   * @param maxBytes what a snapshot's tensors, and all that waits, may take at most
   * @param trusted whose manifests count; each names the SHA-256 of its tensors, so that chunks
   *     need no signature of their own
   */
  public SnapshotAssembler(Optional<String> model, long maxBytes, TrustedKeys trusted) {
    if (maxBytes < 1) {
      throw new IllegalArgumentException(
          "snapshot limit: expected at least 1 byte, got " + maxBytes);
    }
    this.model = model.orElse(null);
    this.maxBytes = maxBytes;
    this.trusted = trusted;
  }

  /** Takes the next record, which is not signed. */
  public AssemblyResult accept(byte @Nullable [] key, byte @Nullable [] value) {
    return accept(key, value, SignatureHeaders.none());
  }

  /**
   * Takes the next record.
   *
   * @param key the record's key; null for none
   * @param value the record's value; null for a tombstone
   */
  public AssemblyResult accept(
      byte @Nullable [] key, byte @Nullable [] value, SignatureHeaders signature) {
    Optional<SnapshotKey> parsed =
        key == null ? Optional.empty() : SnapshotKey.parse(new String(key, StandardCharsets.UTF_8));
    if (parsed.isEmpty()) {
      return new Rejected(
          "", 0, Reason.FOREIGN_RECORD, "expected a snapshot's key; another program writes here");
    }
    SnapshotKey of = parsed.get();
    if (model != null && !of.model().equals(model)) {
      return Pending.INSTANCE;
    }
    if (value == null) {
      begun.remove(Version.of(of));
      return Pending.INSTANCE;
    }
    try {
      return switch (of) {
        case SnapshotKey.Chunk chunk -> keep(chunk, SnapshotRecords.openChunk(value));
        case SnapshotKey.Manifest manifest -> finish(manifest, open(value, signature));
      };
    } catch (InvalidRecordException e) {
      return rejected(of, Reason.UNREADABLE, String.valueOf(e.getMessage()));
    } catch (RejectedSnapshotException e) {
      return rejected(of, e.reason(), e.detail());
    } finally {
      if (of instanceof SnapshotKey.Manifest) {
        begun.remove(Version.of(of));
      }
    }
  }

  /**
   * A manifest that may be used as far as it alone can tell.
   *
   * @throws RejectedSnapshotException if no trusted key signed it
   * @throws InvalidRecordException if the bytes are no manifest, or not those that were sealed
   */
  SnapshotManifest open(byte[] value, SignatureHeaders signature) throws RejectedSnapshotException {
    Optional<String> problem = trusted.problem(signature.keyId(), signature.signature(), value);
    if (problem.isPresent()) {
      throw new RejectedSnapshotException(Reason.UNTRUSTED, problem.get());
    }
    return SnapshotRecords.open(value);
  }

  private AssemblyResult keep(SnapshotKey.Chunk key, SnapshotTensor piece)
      throws RejectedSnapshotException {
    if (piece.getVersion() != key.version()
        || piece.getChunk() != key.chunk()
        || !piece.getTensor().equals(key.tensor())) {
      throw new RejectedSnapshotException(
          Reason.UNREADABLE,
          "chunk: expected "
              + key.text()
              + ", got version "
              + piece.getVersion()
              + " tensor "
              + piece.getTensor()
              + " chunk "
              + piece.getChunk());
    }
    if (key.version() > newest) {
      Version version = Version.of(key);
      begun.computeIfAbsent(version, _ -> new SnapshotParts(maxBytes)).add(piece);
      makeRoom(version);
    }
    return Pending.INSTANCE;
  }

  private AssemblyResult finish(SnapshotKey.Manifest key, SnapshotManifest manifest)
      throws RejectedSnapshotException {
    if (manifest.getVersion() != key.version() || !manifest.getModel().equals(key.model())) {
      throw new RejectedSnapshotException(
          Reason.UNREADABLE,
          "manifest: expected "
              + key.text()
              + ", got "
              + manifest.getModel()
              + " version "
              + manifest.getVersion());
    }
    if (key.version() == newest) {
      return Pending.INSTANCE;
    }
    if (key.version() < newest) {
      throw new RejectedSnapshotException(
          Reason.STALE,
          "expected a version above "
              + newest
              + "; a model that starts over needs another name or an empty topic");
    }
    SnapshotParts parts = begun.getOrDefault(Version.of(key), new SnapshotParts(maxBytes));
    Snapshot snapshot = SnapshotChecks.check(manifest, parts, maxBytes);
    model = snapshot.model();
    newest = snapshot.version();
    begun.keySet().removeIf(v -> !v.model().equals(model) || v.version() <= newest);
    return new Assembled(snapshot);
  }

  private void makeRoom(Version latest) {
    long bytes = begun.values().stream().mapToLong(SnapshotParts::bytes).sum();
    Iterator<Map.Entry<Version, SnapshotParts>> eldest = begun.entrySet().iterator();
    while ((bytes > maxBytes || begun.size() > MAX_OPEN) && eldest.hasNext()) {
      Map.Entry<Version, SnapshotParts> entry = eldest.next();
      if (!entry.getKey().equals(latest)) {
        bytes -= entry.getValue().bytes();
        eldest.remove();
      }
    }
  }

  private static Rejected rejected(SnapshotKey key, Reason reason, String detail) {
    return new Rejected(key.model(), key.version(), reason, detail);
  }
}

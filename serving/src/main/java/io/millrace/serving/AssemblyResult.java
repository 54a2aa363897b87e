package io.millrace.serving;

/** What one record of the snapshot topic led to. */
public sealed interface AssemblyResult {
  /** Nothing to say yet: a piece was kept, or the record is of no concern. */
  record Pending() implements AssemblyResult {
    static final Pending INSTANCE = new Pending();
  }

  /** The record was the manifest of a snapshot that is whole. */
  record Assembled(Snapshot snapshot) implements AssemblyResult {}

  /**
   * A snapshot, or a record that belongs to none, that must not be used.
   *
   * @param version 0 where the record does not say
   * @param detail what was expected and what came; cut where it is long, since it quotes what came
   */
  record Rejected(String model, long version, Reason reason, String detail)
      implements AssemblyResult {
    private static final int MAX_DETAIL = 4000;

    public Rejected {
      if (detail.length() > MAX_DETAIL) {
        detail = detail.substring(0, MAX_DETAIL) + "...";
      }
    }

    /** For example {@code small-cnn version 12: CORRUPT: tensor fc.weight: ...}. */
    @Override
    public String toString() {
      return (version == 0 ? "a record" : model + " version " + version)
          + ": "
          + reason
          + ": "
          + detail;
    }
  }

  /** Why a snapshot is not used. */
  enum Reason {
    /** The key is none of a snapshot's. */
    FOREIGN_RECORD,
    /** The value is not the record that its key says, or says something else than its key. */
    UNREADABLE,
    /** The manifest came, but not every piece of every tensor before it. */
    INCOMPLETE,
    /** Everything is there, but it is not what was published. */
    CORRUPT,
    /** The network is none that can be built, or the tensors are not those of the network. */
    WRONG_NETWORK,
    /** More bytes than the configured limit. */
    TOO_LARGE,
    /** A higher version came before. */
    STALE,
    /** Not signed by a key that is trusted. */
    UNTRUSTED
  }
}

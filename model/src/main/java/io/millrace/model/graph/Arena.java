package io.millrace.model.graph;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The memory of a graph, planned once: buffers whose lifetimes do not meet share a slab. The
 * largest are placed first, each in the first slab that is free for as long as it lives.
 */
final class Arena {
  private static final class Slab {
    private final float[] array;
    private final List<Buffer> tenants = new ArrayList<>();

    Slab(int elements) {
      array = new float[elements];
    }

    boolean takes(Buffer buffer) {
      for (Buffer tenant : tenants) {
        if (tenant.overlaps(buffer)) {
          return false;
        }
      }
      return true;
    }
  }

  private final boolean shares;
  private final List<Slab> slabs = new ArrayList<>();
  private long requested;
  private long reserved;

  Arena() {
    this(true);
  }

  /**
   * @param shares whether two buffers ever share a slab; otherwise all can be read after a pass
   */
  Arena(boolean shares) {
    this.shares = shares;
  }

  /** Gives each buffer that is used its place. */
  void place(List<Buffer> buffers) {
    List<Buffer> largestFirst =
        buffers.stream()
            .filter(Buffer::used)
            .sorted(Comparator.comparingInt(Buffer::elements).reversed())
            .toList();
    for (Buffer buffer : largestFirst) {
      Slab slab = slabFor(buffer);
      slab.tenants.add(buffer);
      buffer.place(slab.array);
      requested += buffer.elements();
    }
  }

  private Slab slabFor(Buffer buffer) {
    if (shares) {
      for (Slab slab : slabs) {
        if (slab.takes(buffer)) {
          return slab;
        }
      }
    }
    Slab slab = new Slab(buffer.elements());
    slabs.add(slab);
    reserved += buffer.elements();
    return slab;
  }

  /** Floats of all buffers, as if each had memory of its own. */
  long requested() {
    return requested;
  }

  /** Floats that were taken. */
  long reserved() {
    return reserved;
  }
}

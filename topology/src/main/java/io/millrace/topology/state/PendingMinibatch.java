package io.millrace.topology.state;

import io.millrace.topology.decode.DecodedImage;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.ObjIntConsumer;

/**
 * The images that wait for their minibatch to fill, in the order in which they came. Each has a
 * numbered slot in the changelog; only slots that changed since the last commit are written.
 */
public final class PendingMinibatch {

  private final List<DecodedImage> images = new ArrayList<>();
  private final BitSet changed = new BitSet();

  public int size() {
    return images.size();
  }

  public DecodedImage get(int slot) {
    return images.get(slot);
  }

  public void add(DecodedImage image) {
    changed.set(images.size());
    images.add(image);
  }

  /** Takes the first {@code count} images out; the rest moves up. */
  public void removeFirst(int count) {
    images.subList(0, count).clear();
    changed.clear();
    changed.set(0, images.size());
  }

  /** Puts an image back that the changelog holds already. */
  void restore(DecodedImage image) {
    images.add(image);
  }

  /** Has every slot written again by the next commit. */
  void markAllChanged() {
    changed.set(0, images.size());
  }

  /** Hands out each slot that changed since the last call. */
  void drainChanged(ObjIntConsumer<DecodedImage> consumer) {
    for (int slot = changed.nextSetBit(0); slot >= 0; slot = changed.nextSetBit(slot + 1)) {
      consumer.accept(images.get(slot), slot);
    }
    changed.clear();
  }
}

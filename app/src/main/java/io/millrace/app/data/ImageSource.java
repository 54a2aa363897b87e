package io.millrace.app.data;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Labelled images in a fixed order, each read when it is asked for. Which of them are sent, in
 * which order and how often is {@link ImageOrder}'s business.
 *
 * <p>Opening checks what can be checked without reading every image; {@link #image} checks the
 * rest. Both throw {@link DataException}. Not thread-safe.
 */
public interface ImageSource extends Iterable<SourceImage>, AutoCloseable {
  /** What a person calls it, such as {@code Fashion-MNIST (60,000 training images)}. */
  String description();

  /** Name of each class; the position is the label. */
  List<String> classNames();

  /** Number of images, at least 1. */
  int size();

  /** The id that the image at a position has, without reading the image. */
  String id(int index);

  /** Reads the image at a position from 0 to size - 1. */
  SourceImage image(int index);

  @Override
  default void close() {}

  /** All images once, in the source's own order. */
  @Override
  default Iterator<SourceImage> iterator() {
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < size();
      }

      @Override
      public SourceImage next() {
        if (!hasNext()) {
          throw new NoSuchElementException("image " + next + " of " + size());
        }
        return image(next++);
      }
    };
  }
}

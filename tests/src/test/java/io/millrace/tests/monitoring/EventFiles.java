package io.millrace.tests.monitoring;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.tensorflow.hadoop.util.TFRecordReader;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.Summary;

/** Reads event files with TensorFlow's own reader and messages; checksums are checked. */
final class EventFiles {

  private EventFiles() {}

  /** The one event file of a folder. */
  static Path only(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all = files.toList();
      if (all.size() != 1) {
        throw new AssertionError("expected one event file, got " + all);
      }
      return all.getFirst();
    }
  }

  static List<Event> read(Path file) throws IOException {
    List<Event> events = new ArrayList<>();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      TFRecordReader reader = new TFRecordReader(in, true);
      for (byte[] record = reader.read(); record != null; record = reader.read()) {
        events.add(Event.parseFrom(record));
      }
    }
    return events;
  }

  /** A value of one step. */
  record Tagged(long step, double wallTime, Summary.Value value) {}

  /** All values of a tag, in order. */
  static List<Tagged> values(List<Event> events, String tag) {
    List<Tagged> values = new ArrayList<>();
    for (Event event : events) {
      for (Summary.Value value : event.getSummary().getValueList()) {
        if (value.getTag().equals(tag)) {
          values.add(new Tagged(event.getStep(), event.getWallTime(), value));
        }
      }
    }
    return values;
  }
}

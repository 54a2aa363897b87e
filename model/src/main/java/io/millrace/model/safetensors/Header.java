package io.millrace.model.safetensors;

import io.millrace.model.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A header that is right in itself and for its file: the tensors' bytes follow one another from the
 * first to the last one behind the header, without gap or overlap.
 *
 * @param entries in the order of their bytes
 */
record Header(Map<String, String> metadata, List<HeaderEntry> entries) {
  static final String METADATA = "__metadata__";

  /**
   * Reads a header.
   *
   * @param dataBytes how many bytes stand behind it
   */
  static Header parse(String text, long dataBytes) throws SafetensorsException {
    if (!text.startsWith("{")) {
      throw new JsonText(text).unexpected("'{'");
    }
    JsonText json = new JsonText(text);
    Map<String, String> metadata = new LinkedHashMap<>();
    List<HeaderEntry> entries = new ArrayList<>();
    Set<String> names = new HashSet<>();
    object(
        json,
        name -> {
          if (!names.add(name)) {
            throw new SafetensorsException(
                "header: expected each name once, got " + name + " twice");
          }
          if (name.equals(METADATA)) {
            metadata.putAll(metadata(json));
          } else {
            entries.add(entry(name, json));
          }
        });
    json.expectEnd();
    entries.sort(Comparator.comparingLong(HeaderEntry::begin).thenComparingLong(HeaderEntry::end));
    requireContiguous(entries, dataBytes);
    return new Header(metadata, List.copyOf(entries));
  }

  private interface Member {
    void read(String name) throws SafetensorsException;
  }

  private static void object(JsonText json, Member member) throws SafetensorsException {
    json.expect('{');
    if (json.accept('}')) {
      return;
    }
    do {
      String name = json.string();
      json.expect(':');
      member.read(name);
    } while (json.accept(','));
    json.expect('}');
  }

  private static Map<String, String> metadata(JsonText json) throws SafetensorsException {
    Map<String, String> metadata = new LinkedHashMap<>();
    object(
        json,
        key -> {
          if (metadata.put(key, json.string()) != null) {
            throw new SafetensorsException(
                "header: " + METADATA + ": expected each key once, got " + key + " twice");
          }
        });
    return metadata;
  }

  private static HeaderEntry entry(String name, JsonText json) throws SafetensorsException {
    EntryFields fields = new EntryFields(name);
    object(json, key -> fields.read(key, json));
    return fields.entry();
  }

  /** The members of one tensor's object, in any order. */
  private static final class EntryFields {
    private final String name;
    private @Nullable String type;
    private long @Nullable [] shape;
    private long @Nullable [] offsets;

    EntryFields(String name) {
      this.name = name;
    }

    void read(String key, JsonText json) throws SafetensorsException {
      boolean twice =
          switch (key) {
            case "dtype" -> {
              boolean before = type != null;
              type = json.string();
              yield before;
            }
            case "shape" -> {
              boolean before = shape != null;
              shape = counts(json);
              yield before;
            }
            case "data_offsets" -> {
              boolean before = offsets != null;
              offsets = counts(json);
              yield before;
            }
            default -> throw problem("expected dtype, shape and data_offsets alone, got " + key);
          };
      if (twice) {
        throw problem("expected each key once, got " + key + " twice");
      }
    }

    HeaderEntry entry() throws SafetensorsException {
      if (type == null || shape == null || offsets == null) {
        throw problem("expected dtype, shape and data_offsets, got not all of them");
      }
      ElementType elementType = ElementType.parse(name, type);
      Shape extents = extents(shape);
      if (offsets.length != 2 || offsets[0] > offsets[1]) {
        throw problem("data_offsets: expected begin and end, got " + Arrays.toString(offsets));
      }
      long expected = (long) extents.elements() * elementType.sizeBytes();
      if (offsets[1] - offsets[0] != expected) {
        throw problem(
            "data_offsets: expected "
                + expected
                + " bytes for "
                + elementType
                + " "
                + extents
                + ", got "
                + (offsets[1] - offsets[0]));
      }
      return new HeaderEntry(name, elementType, extents, offsets[0], offsets[1]);
    }

    private Shape extents(long[] counts) throws SafetensorsException {
      int[] extents = new int[counts.length];
      for (int i = 0; i < counts.length; i++) {
        if (counts[i] < 1 || counts[i] > Integer.MAX_VALUE) {
          throw problem("shape: expected extents from 1 to 2^31 - 1, got " + counts[i]);
        }
        extents[i] = (int) counts[i];
      }
      try {
        return Shape.of(extents);
      } catch (IllegalArgumentException e) {
        throw new SafetensorsException("tensor " + name + ": " + e.getMessage(), e);
      }
    }

    private SafetensorsException problem(String problem) {
      return new SafetensorsException("tensor " + name + ": " + problem);
    }
  }

  private static long[] counts(JsonText json) throws SafetensorsException {
    json.expect('[');
    List<Long> counts = new ArrayList<>();
    if (!json.accept(']')) {
      do {
        counts.add(json.count());
      } while (json.accept(','));
      json.expect(']');
    }
    return counts.stream().mapToLong(Long::longValue).toArray();
  }

  private static void requireContiguous(List<HeaderEntry> entries, long dataBytes)
      throws SafetensorsException {
    long end = 0;
    for (HeaderEntry entry : entries) {
      if (entry.begin() != end) {
        throw new SafetensorsException(
            "tensor "
                + entry.name()
                + ": data_offsets: expected it to begin at byte "
                + end
                + ", where the one before it ends, got "
                + entry.begin()
                + (entry.begin() < end ? "; two tensors overlap" : "; there is a gap"));
      }
      end = entry.end();
    }
    if (end != dataBytes) {
      throw new SafetensorsException(
          "data: expected "
              + end
              + " bytes behind the header, got "
              + dataBytes
              + (dataBytes < end ? "; the file was cut short" : "; no tensor takes the rest"));
    }
  }
}

package io.millrace.app.yaml;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A value of a YAML file with the place where it stands. */
public sealed interface YamlNode {
  Location location();

  /** The value as a message shows it after "got". */
  String describe();

  /**
   * A text, number or boolean; which of them is decided by who reads it.
   *
   * @param quoted whether it was written in quotes or as a block
   */
  record YamlScalar(Location location, String text, boolean quoted) implements YamlNode {
    /** Whether nothing was written: {@code key:}, {@code key: ~} or {@code key: null}. */
    public boolean isNothing() {
      return !quoted && (text.isEmpty() || text.equals("~") || text.equals("null"));
    }

    @Override
    public String describe() {
      return isNothing() ? "nothing" : quoted ? '"' + text + '"' : text;
    }
  }

  /** A list. */
  record YamlList(Location location, List<YamlNode> items) implements YamlNode {
    public YamlList {
      items = List.copyOf(items);
    }

    @Override
    public String describe() {
      return "a list";
    }
  }

  /** Keys with values, in the order of the file. */
  record YamlMapping(Location location, Map<String, YamlEntry> entries) implements YamlNode {
    public YamlMapping {
      entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    /** The value of a key, or null. */
    public @Nullable YamlNode get(String key) {
      YamlEntry entry = entries.get(key);
      return entry == null ? null : entry.value();
    }

    @Override
    public String describe() {
      return "a section with keys";
    }
  }

  /**
   * One key of a mapping.
   *
   * @param location of the key
   */
  record YamlEntry(Location location, YamlNode value) {}
}

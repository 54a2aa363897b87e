package io.millrace.app.yaml;

import io.millrace.app.yaml.Values.Mismatch;
import io.millrace.app.yaml.YamlNode.YamlEntry;
import io.millrace.app.yaml.YamlNode.YamlMapping;
import io.millrace.app.yaml.YamlNode.YamlScalar;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The keys below one path. A getter without a default makes its key required. Descriptions are one
 * sentence without a full stop; what the key takes and its default are added to them. Every getter
 * throws {@link ConfigException}, which says where the value stands, what was expected and what
 * came.
 */
public final class Section implements ConfigItem {
  private final ConfigReader reader;
  private final String path;
  private final String description;
  private final Location location;
  private final @Nullable YamlMapping mapping;
  private final Map<String, ConfigItem> items = new LinkedHashMap<>();

  Section(
      ConfigReader reader,
      String path,
      String description,
      Location location,
      @Nullable YamlMapping mapping) {
    this.reader = reader;
    this.path = path;
    this.description = description;
    this.location = location;
    this.mapping = mapping;
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public String description() {
    return description;
  }

  /** What was read so far, by key, in the order of reading. */
  public Map<String, ConfigItem> items() {
    return Collections.unmodifiableMap(items);
  }

  public String string(String key, String description) {
    return read(key, Kind.string(), null, description);
  }

  public String string(String key, String fallback, String description) {
    return read(key, Kind.string(), fallback, description);
  }

  /** A text that may be left out. */
  public Optional<String> optionalString(String key, String description) {
    Kind<String> kind = Kind.string();
    Optional<String> value = Optional.ofNullable(find(key)).map(node -> parse(key, node, kind));
    Optional<String> text = value.map(kind.text());
    record(
        key,
        new ConfigEntry(pathOf(key), "a text, or left out", Optional.empty(), text, description));
    return value;
  }

  public List<String> strings(String key, List<String> fallback, String description) {
    return read(key, Kind.strings(), fallback, description);
  }

  public int integer(String key, int min, int max, String description) {
    return read(key, Kind.integer(min, max), null, description);
  }

  public int integer(String key, int fallback, int min, int max, String description) {
    return read(key, Kind.integer(min, max), fallback, description);
  }

  public long longInteger(String key, long min, long max, String description) {
    return read(key, Kind.whole(min, max), null, description);
  }

  public long longInteger(String key, long fallback, long min, long max, String description) {
    return read(key, Kind.whole(min, max), fallback, description);
  }

  public List<Long> longs(String key, List<Long> fallback, long min, long max, String description) {
    return read(key, Kind.wholes(min, max), fallback, description);
  }

  public Pair pair(String key, Pair fallback, int min, int max, String description) {
    return read(key, Kind.pair(min, max), fallback, description);
  }

  public double number(String key, Range range, String description) {
    return read(key, Kind.number(range), null, description);
  }

  public double number(String key, double fallback, Range range, String description) {
    return read(key, Kind.number(range), fallback, description);
  }

  public List<Double> numbers(String key, List<Double> fallback, Range range, String description) {
    return read(key, Kind.numbers(range), fallback, description);
  }

  public boolean bool(String key, boolean fallback, String description) {
    return read(key, Kind.bool(), fallback, description);
  }

  public Duration duration(
      String key, Duration fallback, Duration min, Duration max, String description) {
    return read(key, Kind.duration(min, max), fallback, description);
  }

  /** One of an enum's constants; {@code STEP_DECAY} is written {@code stepDecay}. */
  public <E extends Enum<E>> E choice(String key, Class<E> type, String description) {
    return read(key, Kind.choice(type), null, description);
  }

  public <E extends Enum<E>> E choice(String key, E fallback, String description) {
    return read(key, Kind.choice(fallback.getDeclaringClass()), fallback, description);
  }

  /** The section below a key; without one in the file, all its keys take their defaults. */
  public Section section(String key, String description) {
    YamlNode node = find(key);
    Location where = node == null ? location : node.location();
    Section section = new Section(reader, pathOf(key), description, where, mappingOf(key, node));
    record(key, section);
    return section;
  }

  /**
   * Keys that are passed through as they are, such as another program's properties. A key may hold
   * dots: {@code --set kafka.bootstrap.servers=...} sets {@code bootstrap.servers} of {@code
   * kafka}.
   *
   * @param fallback defaults by key; what is given is put over them
   */
  public Map<String, String> properties(
      String key, Map<String, String> fallback, String description) {
    Section section = section(key, description);
    Map<String, YamlNode> given = new LinkedHashMap<>();
    if (section.mapping != null) {
      section.mapping.entries().forEach((name, entry) -> given.put(name, entry.value()));
    }
    given.putAll(reader.overridesBelow(section.path));
    Map<String, String> values = new LinkedHashMap<>(fallback);
    given.forEach((name, node) ->
        section.tryParse(name, node, Kind.string()).ifPresent(value -> values.put(name, value)));
    values.forEach((name, value) ->
        section.record(
            name,
            new ConfigEntry(
                section.pathOf(name),
                "a text",
                Optional.ofNullable(fallback.get(name)).map(YamlText::scalar),
                Optional.of(YamlText.scalar(value)),
                "")));
    return Collections.unmodifiableMap(values);
  }

  /**
   * Calls a constructor that checks its arguments and turns its {@link IllegalArgumentException}
   * into a {@link ConfigException}. A message that begins with one of this section's keys ({@code
   * floor: expected ...}) is located at that key.
   */
  public <T> T build(Supplier<T> constructor) {
    try {
      return constructor.get();
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      int colon = message.indexOf(": ");
      String key = colon < 0 ? "" : message.substring(0, colon);
      throw items.containsKey(key)
          ? error(key, message.substring(colon + 2))
          : new ConfigException(location, path, message);
    }
  }

  /** A mistake at a key that was read, for checks that a getter cannot make. */
  public ConfigException error(String key, String detail) {
    YamlNode node = find(key);
    return new ConfigException(node == null ? location : node.location(), pathOf(key), detail);
  }

  void refuseUnknownKeys() {
    if (mapping != null) {
      mapping
          .entries()
          .forEach((key, entry) -> {
            if (!items.containsKey(key)) {
              reader.report(unknown(key, entry));
            }
          });
    }
    for (ConfigItem item : items.values()) {
      if (item instanceof Section section) {
        section.refuseUnknownKeys();
      }
    }
  }

  /** What to put after "unknown key" for a path below this section. */
  String hintForPath(String below) {
    int dot = below.indexOf('.');
    if (dot > 0 && items.get(below.substring(0, dot)) instanceof Section section) {
      return section.hintForPath(below.substring(dot + 1));
    }
    return Suggestions.hint(dot < 0 ? below : below.substring(0, dot), items.keySet());
  }

  private ConfigException unknown(String key, YamlEntry entry) {
    return new ConfigException(
        entry.location(), pathOf(key), "unknown key" + Suggestions.hint(key, items.keySet()));
  }

  private <T> T read(String key, Kind<T> kind, @Nullable T fallback, String description) {
    YamlNode node = find(key);
    T value =
        node == null
            ? fallback
            : fallback == null
                ? parse(key, node, kind)
                : tryParse(key, node, kind).orElse(fallback);
    record(
        key,
        new ConfigEntry(
            pathOf(key),
            kind.expected(),
            Optional.ofNullable(fallback).map(kind.text()),
            Optional.ofNullable(value).map(kind.text()),
            description));
    if (value == null) {
      throw missing(key, kind);
    }
    return value;
  }

  /** A required key that is absent because it was mistyped is reported as the mistyped one. */
  private ConfigException missing(String key, Kind<?> kind) {
    if (mapping != null) {
      for (Map.Entry<String, YamlEntry> entry : mapping.entries().entrySet()) {
        String other = entry.getKey();
        if (!items.containsKey(other) && Suggestions.nearest(other, List.of(key)).isPresent()) {
          return unknown(other, entry.getValue());
        }
      }
    }
    return new ConfigException(location, pathOf(key), "missing; expected " + kind.expected());
  }

  /** Empty for a mistake that the reader passed over. */
  private <T> Optional<T> tryParse(String key, YamlNode node, Kind<T> kind) {
    try {
      return Optional.of(parse(key, node, kind));
    } catch (ConfigException e) {
      reader.report(e);
      return Optional.empty();
    }
  }

  private <T> T parse(String key, YamlNode node, Kind<T> kind) {
    try {
      return kind.parser().parse(node);
    } catch (Mismatch e) {
      throw new ConfigException(
          e.node().location(),
          pathOf(key),
          "expected " + kind.expected() + ", got " + e.node().describe());
    }
  }

  private @Nullable YamlMapping mappingOf(String key, @Nullable YamlNode node) {
    return switch (node) {
      case null -> null;
      case YamlMapping inner -> inner;
      case YamlScalar scalar when scalar.isNothing() -> null;
      default -> {
        reader.report(
            new ConfigException(
                node.location(),
                pathOf(key),
                "expected a section with keys, got " + node.describe()));
        yield null;
      }
    };
  }

  private @Nullable YamlNode find(String key) {
    YamlNode override = reader.override(pathOf(key));
    return override != null || mapping == null ? override : mapping.get(key);
  }

  private void record(String key, ConfigItem item) {
    items.put(key, item);
  }

  private String pathOf(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}

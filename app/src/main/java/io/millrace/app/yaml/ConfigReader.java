package io.millrace.app.yaml;

import io.millrace.app.yaml.YamlNode.YamlMapping;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads settings out of a file under overrides from the command line, and remembers every key that
 * was asked for with its default, value and description:
 *
 * <pre>{@code
 * ConfigReader reader = ConfigReader.of(path, overrides);
 * Section optimizer = reader.root().section("optimizer", "How weights move");
 * double momentum =
 *     optimizer.number("momentum", 0.9, Range.closedOpen(0, 1), "Share of the velocity kept");
 * reader.finish();
 * String effective = reader.effectiveYaml();
 * }</pre>
 *
 * <p>The keys that exist are those that are asked for, so read all of them before {@link #finish}.
 */
public final class ConfigReader {
  private final Map<String, YamlNode> overrides = new LinkedHashMap<>();
  private final Set<String> usedOverrides = new HashSet<>();
  private final List<ConfigException> problems = new ArrayList<>();
  private boolean lenient;
  private final Section root;

  private ConfigReader(Location location, @Nullable YamlMapping root, List<String> overrides) {
    for (String override : overrides) {
      int equals = override.indexOf('=');
      if (equals < 1) {
        throw new ConfigException(
            new Location("--set"), "expected path.to.key=value, got " + override);
      }
      String path = override.substring(0, equals).strip();
      this.overrides.put(
          path, YamlFile.parseValue(Location.override(path), override.substring(equals + 1)));
    }
    this.root = new Section(this, "", "", location, root);
  }

  /**
   * Reads a file.
   *
   * @param overrides each {@code path.to.key=value}, the value written as in the file; the last of
   *     equal paths counts
   * @throws ConfigException if the file or an override cannot be parsed
   */
  public static ConfigReader of(Path file, List<String> overrides) {
    return of(YamlFile.load(file), overrides);
  }

  /** Reads what was parsed already. */
  public static ConfigReader of(YamlMapping mapping, List<String> overrides) {
    return new ConfigReader(mapping.location(), mapping, overrides);
  }

  /** Defaults and overrides alone; {@code name} stands for the file in messages. */
  public static ConfigReader withoutFile(String name, List<String> overrides) {
    return new ConfigReader(Location.file(name), null, overrides);
  }

  public Section root() {
    return root;
  }

  /**
   * From now on a mistake is kept for {@link #problems} and the key takes its default, so that all
   * mistakes can be told at once.
   */
  public ConfigReader lenient() {
    lenient = true;
    return this;
  }

  /** The mistakes that were passed over, in the order in which they were met. */
  public List<ConfigException> problems() {
    return List.copyOf(problems);
  }

  /**
   * To be called once everything was read.
   *
   * @throws ConfigException if the file or an override has a key that nobody asked for
   */
  public void finish() {
    root.refuseUnknownKeys();
    for (String path : overrides.keySet()) {
      if (!usedOverrides.contains(path)) {
        report(
            new ConfigException(
                Location.override(path), path, "unknown key" + root.hintForPath(path)));
      }
    }
  }

  /** Ends the reading, unless it is lenient. */
  void report(ConfigException problem) {
    if (!lenient) {
      throw problem;
    }
    problems.add(problem);
  }

  /**
   * Every key that was read, with what holds and a comment that says what it is for, what it takes
   * and its default. Read back, it gives the same settings; but values under keys that look like
   * secrets are hidden.
   */
  public String effectiveYaml() {
    return ConfigPrinter.print(root);
  }

  /** Every key that was read, in the order of reading; values that look like secrets are hidden. */
  public List<ConfigEntry> settings() {
    return ConfigPrinter.settings(root);
  }

  /** The override at exactly this path, which then counts as used, or null. */
  @Nullable YamlNode override(String path) {
    YamlNode node = overrides.get(path);
    if (node != null) {
      usedOverrides.add(path);
    }
    return node;
  }

  /** The overrides below a path, by what follows it; all then count as used. */
  Map<String, YamlNode> overridesBelow(String path) {
    Map<String, YamlNode> below = new LinkedHashMap<>();
    String prefix = path + ".";
    overrides.forEach((key, node) -> {
      if (key.startsWith(prefix)) {
        below.put(key.substring(prefix.length()), node);
        usedOverrides.add(key);
      }
    });
    return below;
  }
}

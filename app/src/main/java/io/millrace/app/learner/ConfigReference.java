package io.millrace.app.learner;

import io.millrace.app.yaml.ConfigEntry;
import io.millrace.app.yaml.ConfigItem;
import io.millrace.app.yaml.ConfigReader;
import io.millrace.app.yaml.Section;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** All keys of a learner's configuration as a page in Markdown, which no machine changes. */
final class ConfigReference {

  private static final String INTRODUCTION =
      """
      # Configuration

      <!-- Written by ./millrace config --markdown: change the code, not this page. -->

      Every key of `millrace.yaml`, which `train`, `replay`, `predict`, `join-labels`, `consume`, `serve`, `promote`, `control`,
      `snapshot` and `acls` read. All keys have a default, so an empty file is a whole configuration. Another file is named with
      `--config FILE`; without one, `millrace.yaml` of the current folder is read if there is one. `--set KEY=VALUE`, with the
      dotted key and the value as YAML, overrides what the file says, and can be given many times:

          ./millrace train --set minibatch.size=64 --set 'images.mean=[0.29]' --set kafka.bootstrap.servers=broker:9092

      `./millrace config` prints what holds, in the form of a file. A mistake is answered with its line, the value that was expected
      and the one that came; an unknown key with the nearest one that is known. Relative paths start at the folder of the file.
      """;

  private static final String KAFKA =
      """
      Whatever is here goes to Kafka Streams and its clients as it is, so `security.protocol`, `sasl.*` and `ssl.*` belong here
      ([security.md](security.md)); `consumer.`, `producer.` and `admin.` in front of a name reach one kind of client alone. Values
      of keys that look like secrets are hidden where the configuration is printed. Those below are Millrace's own defaults, here for `small-cnn`; Kafka's hold for the rest. Three more are set from the
      time of a training step as measured at the start ([poll safety](guarantees.md#poll-safety)) unless you set them:
      `max.poll.interval.ms`, `max.poll.records` and `transaction.timeout.ms`.
      """;

  private ConfigReference() {}

  static String markdown() {
    ConfigReader reader = ConfigReader.withoutFile("defaults", List.of());
    LearnerConfigFile.load(reader, Path.of("").toAbsolutePath());
    StringBuilder out = new StringBuilder(INTRODUCTION);
    List<ConfigEntry> single = new ArrayList<>();
    List<Section> sections = new ArrayList<>();
    for (ConfigItem item : reader.root().items().values()) {
      switch (item) {
        case ConfigEntry entry -> single.add(entry);
        case Section section -> sections.add(section);
      }
    }
    out.append("\n## The learner\n\n");
    settings(out, single);
    for (Section section : sections) {
      out.append("\n## ").append(section.path()).append("\n\n");
      if (section.path().equals("kafka")) {
        out.append(section.description()).append(".\n\n").append(KAFKA).append('\n');
        properties(out, entries(section));
      } else {
        out.append(section.description()).append(".\n\n");
        settings(out, entries(section));
      }
    }
    return out.toString();
  }

  private static List<ConfigEntry> entries(Section section) {
    List<ConfigEntry> entries = new ArrayList<>();
    for (ConfigItem item : section.items().values()) {
      switch (item) {
        case ConfigEntry entry -> entries.add(entry);
        case Section inner ->
            throw new IllegalStateException(
                inner.path() + ": the reference expects sections without sections; extend it");
      }
    }
    return entries;
  }

  private static void settings(StringBuilder out, List<ConfigEntry> entries) {
    out.append("| key | default | takes | is |\n| --- | --- | --- | --- |\n");
    for (ConfigEntry entry : entries) {
      out.append("| ")
          .append(code(entry.path()))
          .append(" | ")
          .append(entry.fallback().map(ConfigReference::code).orElse(""))
          .append(" | ")
          .append(entry.expected())
          .append(" | ")
          .append(entry.description())
          .append(" |\n");
    }
  }

  private static void properties(StringBuilder out, List<ConfigEntry> entries) {
    out.append("| key | default | because |\n| --- | --- | --- |\n");
    for (ConfigEntry entry : entries) {
      String name = entry.path().substring("kafka.".length());
      out.append("| ")
          .append(code(entry.path()))
          .append(" | ")
          .append(
              entry
                  .fallback()
                  .map(ConfigReference::withoutHome)
                  .map(ConfigReference::code)
                  .orElse(""))
          .append(" | ")
          .append(KafkaNotes.BY_PROPERTY.getOrDefault(name, ""))
          .append(" |\n");
    }
  }

  /** The page is the same on every machine. */
  private static String withoutHome(String text) {
    return text.replace(System.getProperty("user.home"), "~").replace('\\', '/');
  }

  private static String code(String text) {
    return "`" + text.replace("|", "\\|") + "`";
  }
}

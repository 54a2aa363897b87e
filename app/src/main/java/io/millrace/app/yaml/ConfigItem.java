package io.millrace.app.yaml;

/** What was read at one key: a value or a section of more keys. */
public sealed interface ConfigItem permits ConfigEntry, Section {
  /** The dotted key from the root. */
  String path();

  /** What it is for, in one sentence without a full stop. */
  String description();
}

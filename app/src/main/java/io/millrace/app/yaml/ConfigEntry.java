package io.millrace.app.yaml;

import java.util.Optional;

/**
 * One setting as it was read.
 *
 * @param path the dotted key from the root
 * @param expected what it takes: {@code a number in (0, 1]}
 * @param fallback the default as YAML text; empty where the key is required or may be absent
 * @param value what holds, as YAML text; empty where nothing was given and there is no default
 * @param description what it is for, in one sentence without a full stop
 */
public record ConfigEntry(
    String path,
    String expected,
    Optional<String> fallback,
    Optional<String> value,
    String description)
    implements ConfigItem {}

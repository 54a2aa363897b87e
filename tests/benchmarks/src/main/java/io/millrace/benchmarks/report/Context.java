package io.millrace.benchmarks.report;

import java.util.Map;

/**
 * Where, when and with what figures were measured.
 *
 * @param cores that the JVM sees
 * @param vectorBits that the Vector API prefers
 * @param kernels Millrace's, by name
 * @param commit of Millrace, with a {@code +} if the work tree has changes; or {@code unknown}
 * @param date in UTC, ISO 8601
 * @param engines the version of each, by its name
 */
public record Context(
    String processor,
    int cores,
    String system,
    String jdk,
    int vectorBits,
    String kernels,
    String commit,
    String date,
    Map<String, String> engines) {}

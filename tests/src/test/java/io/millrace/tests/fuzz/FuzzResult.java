package io.millrace.tests.fuzz;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** What a target's inputs led to. Not thread-safe: each thread fills its own, to be merged. */
final class FuzzResult {
  /** Faults of one kind: the first input that showed it stands for all. */
  record Finding(FuzzInput input, long index, Throwable fault) {}

  private final String target;
  private final long maxAllocationBytes;
  private final Map<String, Finding> findings = new LinkedHashMap<>();
  private long inputs;
  private long accepted;
  private long faults;
  private long slowestNanos;
  private long largestBytes;

  FuzzResult(FuzzTarget target) {
    this.target = target.name();
    this.maxAllocationBytes = target.maxAllocationBytes();
  }

  void add(long index, byte[] input, FuzzProbe.Result result) {
    inputs++;
    accepted += result.outcome() == FuzzTarget.Outcome.ACCEPTED ? 1 : 0;
    slowestNanos = Math.max(slowestNanos, result.cpuNanos());
    largestBytes = Math.max(largestBytes, result.allocatedBytes());
    Throwable fault = result.fault();
    if (fault != null) {
      faults++;
      findings.merge(
          kind(fault),
          new Finding(new FuzzInput(target, input), index, fault),
          FuzzResult::shorter);
    }
  }

  FuzzResult merge(FuzzResult other) {
    inputs += other.inputs;
    accepted += other.accepted;
    faults += other.faults;
    slowestNanos = Math.max(slowestNanos, other.slowestNanos);
    largestBytes = Math.max(largestBytes, other.largestBytes);
    other.findings.forEach((kind, finding) -> findings.merge(kind, finding, FuzzResult::shorter));
    return this;
  }

  private static Finding shorter(Finding one, Finding other) {
    return one.input().bytes().length <= other.input().bytes().length ? one : other;
  }

  /** The exception and where it was thrown; digits of a message differ from input to input. */
  private static String kind(Throwable fault) {
    StackTraceElement[] trace = fault.getStackTrace();
    String message = Objects.requireNonNullElse(fault.getMessage(), "");
    return fault.getClass().getName()
        + (trace.length == 0 ? "" : " at " + trace[0])
        + (fault instanceof FuzzTarget.FaultException ? message.replaceAll("[0-9]+", "#") : "");
  }

  Map<String, Finding> findings() {
    return findings;
  }

  long inputs() {
    return inputs;
  }

  /** Inputs, accepted ones and faults. */
  String counts() {
    return String.format("%,d | %,d | %,d", inputs, accepted, faults);
  }

  static final String TABLE_HEAD =
      """
      | target | inputs | accepted | rejected | findings | slowest | largest allocation | cap |
      | --- | --- | --- | --- | --- | --- | --- | --- |
      """;

  /** A line of the table. */
  String line() {
    return String.format(
        "| %s | %,d | %,d | %,d | %,d | %,d ms | %.1f MiB | %d MiB |",
        target,
        inputs,
        accepted,
        inputs - accepted - faults,
        faults,
        slowestNanos / 1_000_000,
        largestBytes / 1048576.0,
        maxAllocationBytes >> 20);
  }
}

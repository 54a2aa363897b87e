package io.millrace.app.yaml;

/** Two whole numbers, written {@code [3, 5]}, or {@code 3} for twice the same. */
public record Pair(int first, int second) {}

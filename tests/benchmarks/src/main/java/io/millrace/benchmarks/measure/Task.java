package io.millrace.benchmarks.measure;

import java.util.function.IntConsumer;

/**
 * What a window repeats.
 *
 * @param name of the engine that does it
 * @param threads that it may use
 * @param step one repetition; takes its number, from 0 on
 */
public record Task(String name, int threads, IntConsumer step) {}

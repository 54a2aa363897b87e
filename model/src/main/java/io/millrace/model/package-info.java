/**
 * The learner's mathematics on the JDK alone: tensors, kernels, the computation graph, networks,
 * optimizer and one training step. Imports nothing outside {@code java.base} and {@code
 * jdk.incubator.vector}.
 */
@NullMarked
package io.millrace.model;

import org.jspecify.annotations.NullMarked;

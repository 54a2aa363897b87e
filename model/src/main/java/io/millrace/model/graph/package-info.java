/**
 * The computation graph: inputs, parameters and operations as nodes, each operation's forward
 * beside its backward. Imports nothing of the project but {@code tensor}, {@code math} and {@code
 * kernel}.
 *
 * <p>A value of an image has the shape [C, H, W] at the API and lies channels-last in memory:
 * [n][h][w][c]. A row of features [F] lies as [n][f].
 */
@NullMarked
package io.millrace.model.graph;

import org.jspecify.annotations.NullMarked;

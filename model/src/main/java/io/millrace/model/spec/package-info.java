/**
 * What a network is, as data: its operations, their order and shapes, its loss and how its weights
 * start. Nothing here computes. Imports nothing of the project but {@code tensor}.
 */
@NullMarked
package io.millrace.model.spec;

import org.jspecify.annotations.NullMarked;

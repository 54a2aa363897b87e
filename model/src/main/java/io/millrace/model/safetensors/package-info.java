/**
 * Tensors in safetensors files, which other programs read and write, too. Imports {@code tensor}.
 */
@NullMarked
package io.millrace.model.safetensors;

import org.jspecify.annotations.NullMarked;

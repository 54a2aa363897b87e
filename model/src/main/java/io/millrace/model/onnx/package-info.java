/**
 * Networks with their weights as ONNX files, which other programs run. Imports {@code tensor},
 * {@code protobuf} and {@code spec}.
 */
@NullMarked
package io.millrace.model.onnx;

import org.jspecify.annotations.NullMarked;

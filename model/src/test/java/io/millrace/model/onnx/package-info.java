/** Tests of the package of the same name. */
@NullMarked
package io.millrace.model.onnx;

import org.jspecify.annotations.NullMarked;

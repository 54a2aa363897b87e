/** Shapes and float32 arrays with a shape. Imports nothing of the project. */
@NullMarked
package io.millrace.model.tensor;

import org.jspecify.annotations.NullMarked;

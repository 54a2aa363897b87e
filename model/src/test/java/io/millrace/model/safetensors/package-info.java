/** Tests of the package of the same name. */
@NullMarked
package io.millrace.model.safetensors;

import org.jspecify.annotations.NullMarked;

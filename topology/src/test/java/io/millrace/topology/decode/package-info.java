/** Tests of decode. */
@NullMarked
package io.millrace.topology.decode;

import org.jspecify.annotations.NullMarked;

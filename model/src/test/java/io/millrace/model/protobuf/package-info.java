/** Messages in Protocol Buffers' binary form. */
@NullMarked
package io.millrace.model.protobuf;

import org.jspecify.annotations.NullMarked;

/** Protocol Buffers' binary form, written field by field. Imports the JDK alone. */
@NullMarked
package io.millrace.model.protobuf;

import org.jspecify.annotations.NullMarked;

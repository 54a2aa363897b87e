/** What commands share: their version, how they are told to end, waiting for their threads. */
@NullMarked
package io.millrace.app.process;

import org.jspecify.annotations.NullMarked;

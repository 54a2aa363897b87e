/** Tests of what is said of rights and refusals. */
@NullMarked
package io.millrace.app.access;

import org.jspecify.annotations.NullMarked;

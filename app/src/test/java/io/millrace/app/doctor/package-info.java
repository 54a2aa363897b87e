/** Tests of checks that need figures of other machines. */
@NullMarked
package io.millrace.app.doctor;

import org.jspecify.annotations.NullMarked;

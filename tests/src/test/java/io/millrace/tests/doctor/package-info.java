/** What {@code ./millrace doctor} finds: each fault is a real one, planted. */
@NullMarked
package io.millrace.tests.doctor;

import org.jspecify.annotations.NullMarked;

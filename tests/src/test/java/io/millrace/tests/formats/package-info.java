/** What other programs make of exported models. */
@NullMarked
package io.millrace.tests.formats;

import org.jspecify.annotations.NullMarked;

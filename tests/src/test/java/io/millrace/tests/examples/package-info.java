/** Programs of users, as the documentation shows them, and tests that run them. */
@NullMarked
package io.millrace.tests.examples;

import org.jspecify.annotations.NullMarked;

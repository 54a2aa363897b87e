/**
 * The promises of the whole, from a record on the images topic to a snapshot that a subscriber
 * serves, on a real broker. Imports the support package and every module.
 */
@NullMarked
package io.millrace.tests.endtoend;

import org.jspecify.annotations.NullMarked;

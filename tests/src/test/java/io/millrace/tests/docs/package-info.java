/**
 * What the pages say is so: links lead somewhere, commands and classes exist, and what ships is
 * listed.
 */
@NullMarked
package io.millrace.tests.docs;

import org.jspecify.annotations.NullMarked;

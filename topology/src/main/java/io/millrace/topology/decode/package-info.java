/**
 * From the bytes of a record to the pixels of an image, or to the reason why not. Imports schemas
 * and config.
 */
@NullMarked
package io.millrace.topology.decode;

import org.jspecify.annotations.NullMarked;

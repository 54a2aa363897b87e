/** Tests of the topology without a broker; those with one are in {@code tests}. */
@NullMarked
package io.millrace.topology;

import org.jspecify.annotations.NullMarked;

/** What is compared: Millrace and its peers behind two narrow interfaces, and images for them. */
@NullMarked
package io.millrace.benchmarks.engines;

import org.jspecify.annotations.NullMarked;

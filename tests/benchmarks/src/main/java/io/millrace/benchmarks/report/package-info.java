/** What was found, as data, and its forms: text, Markdown, JSON, a chart. */
@NullMarked
package io.millrace.benchmarks.report;

import org.jspecify.annotations.NullMarked;

/** Tests of what the page keeps in memory. */
@NullMarked
package io.millrace.app.dashboard.history;

import org.jspecify.annotations.NullMarked;

/** {@code ./millrace serve}: predictions over HTTP by a model that is followed on its topic. */
@NullMarked
package io.millrace.app.serve;

import org.jspecify.annotations.NullMarked;

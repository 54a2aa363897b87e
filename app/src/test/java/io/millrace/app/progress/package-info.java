/** Tests of how progress is shown. */
@NullMarked
package io.millrace.app.progress;

import org.jspecify.annotations.NullMarked;

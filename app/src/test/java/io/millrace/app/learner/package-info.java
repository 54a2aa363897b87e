/** Tests of learner. */
@NullMarked
package io.millrace.app.learner;

import org.jspecify.annotations.NullMarked;

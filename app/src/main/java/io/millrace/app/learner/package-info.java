/**
 * The {@code train} and {@code config} commands: a learner's configuration file and its progress.
 */
@NullMarked
package io.millrace.app.learner;

import org.jspecify.annotations.NullMarked;

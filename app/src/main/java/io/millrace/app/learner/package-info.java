/**
 * The {@code train}, {@code config} and {@code acls} commands: a learner's configuration file, its
 * progress, and the rights that its cluster has to grant.
 */
@NullMarked
package io.millrace.app.learner;

import org.jspecify.annotations.NullMarked;

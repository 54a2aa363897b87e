/**
 * The {@code train}, {@code config}, {@code topics} and {@code acls} commands: a learner's
 * configuration file, its progress, its topics, and the rights that its cluster has to grant.
 */
@NullMarked
package io.millrace.app.learner;

import org.jspecify.annotations.NullMarked;

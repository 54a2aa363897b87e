/**
 * {@code millrace control}: commands to a learner, over its topics. Imports schemas, topology's
 * configuration and the app's learner, access and process packages.
 */
@NullMarked
package io.millrace.app.control;

import org.jspecify.annotations.NullMarked;

/**
 * What the tests with a broker share: a cluster with topics, learners small enough for a test, and
 * the images that they learn from. Imports every module.
 */
@NullMarked
package io.millrace.tests.support;

import org.jspecify.annotations.NullMarked;

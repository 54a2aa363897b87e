/**
 * Millrace's commands against a broker that encrypts, asks who is there, and grants nothing but
 * what {@code ./millrace acls} prints.
 */
@NullMarked
package io.millrace.tests.security;

import org.jspecify.annotations.NullMarked;

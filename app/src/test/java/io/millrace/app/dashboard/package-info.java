/** Tests of the page's server that need no broker. */
@NullMarked
package io.millrace.app.dashboard;

import org.jspecify.annotations.NullMarked;

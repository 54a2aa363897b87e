/** Tests of the pictures that the page shows. */
@NullMarked
package io.millrace.app.dashboard.picture;

import org.jspecify.annotations.NullMarked;

/** Pictures for the page: of records, of filters, and what a network is to see of a drawing. */
@NullMarked
package io.millrace.app.dashboard.picture;

import org.jspecify.annotations.NullMarked;

/** What the page shows, kept from the records that come and told as JSON. */
@NullMarked
package io.millrace.app.dashboard.panel;

import org.jspecify.annotations.NullMarked;

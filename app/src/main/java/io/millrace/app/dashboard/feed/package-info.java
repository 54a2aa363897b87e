/** What the page reads from a cluster: topics as they grow, single records, partitions, groups. */
@NullMarked
package io.millrace.app.dashboard.feed;

import org.jspecify.annotations.NullMarked;

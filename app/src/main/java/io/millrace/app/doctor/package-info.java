/**
 * {@code ./millrace doctor}: looks at this machine, the configuration and the cluster, and says
 * what is wrong and how to mend it. A check is a class; none of them writes anything to the
 * cluster.
 *
 * <p>May import every other package of the command line.
 */
@NullMarked
package io.millrace.app.doctor;

import org.jspecify.annotations.NullMarked;

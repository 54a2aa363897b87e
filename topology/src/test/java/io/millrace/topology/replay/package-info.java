@NullMarked
package io.millrace.topology.replay;

import org.jspecify.annotations.NullMarked;

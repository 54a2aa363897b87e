/**
 * From a network's specification to the nodes of a graph, and how weights start. Imports {@code
 * spec}, {@code graph} and what those import.
 */
@NullMarked
package io.millrace.model.network;

import org.jspecify.annotations.NullMarked;

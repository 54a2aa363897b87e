/**
 * What a downstream program uses: follow the snapshot topic, check what arrives, predict with the
 * newest. Imports the schemas, the model and kafka-clients; nothing of the topology.
 *
 * <p>{@code SnapshotSubscriber} reads the topic, {@code SnapshotAssembler} decides what is a
 * snapshot, {@code Predictor} answers. What stands between two of them, such as a signature to
 * verify or a canary to pass, is a {@code SnapshotListener} that hands on to another.
 */
@NullMarked
package io.millrace.serving;

import org.jspecify.annotations.NullMarked;

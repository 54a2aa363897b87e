/**
 * What a downstream program uses: follow the snapshot topic, check what arrives, predict with it.
 * Imports the schemas, the model, kafka-clients and micrometer-core; nothing of the topology.
 *
 * <p>{@code SnapshotSubscriber} reads the topic, on which {@code NewestFinder} and {@code
 * VersionFinder} find a snapshot without its history; {@code SnapshotAssembler} decides what is
 * one; {@code Predictor} answers. What hears of snapshots beside it is a {@code SnapshotListener};
 * {@code Canary} and {@code Shadow} stand before two predictors. docs/serving.md shows all of it.
 */
@NullMarked
package io.millrace.serving;

import org.jspecify.annotations.NullMarked;

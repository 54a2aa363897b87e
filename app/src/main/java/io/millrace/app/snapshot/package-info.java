/**
 * {@code millrace snapshot}: looks at published snapshots, checks them and writes them to files.
 *
 * <p>May import {@code app.learner} for the configuration, {@code app.access}, the topology's
 * replay, serving, the model, the schemas, Avro and picocli.
 */
@NullMarked
package io.millrace.app.snapshot;

import org.jspecify.annotations.NullMarked;

/**
 * Event files that TensorBoard reads, written from the topics of metrics and layers. The format is
 * TensorFlow's: records of <a
 * href="https://www.tensorflow.org/tutorials/load_data/tfrecord">TFRecord</a>, each an {@code
 * Event} message of {@code tensorflow/core/util/event.proto} and {@code
 * tensorflow/core/framework/summary.proto}. Imports {@code process}, the schemas, the model's
 * protobuf package and the topology's configuration.
 */
@NullMarked
package io.millrace.app.tensorboard;

import org.jspecify.annotations.NullMarked;

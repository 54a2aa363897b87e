package io.millrace.topology.predict;

import io.millrace.model.tensor.Shape;
import io.millrace.serving.Predictor;
import io.millrace.topology.decode.UnlabeledDecoder;

/**
 * A predictor and what decodes images for it; its snapshots all take the same shape.
 *
 * @param name of the model
 * @param input channels, height and width of an image
 */
record ServedModel(String name, Shape input, UnlabeledDecoder decoder, Predictor predictor) {}

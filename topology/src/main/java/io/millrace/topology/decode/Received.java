package io.millrace.topology.decode;

/** What a learner takes in. */
public sealed interface Received permits DecodedImage, DecodedCommand {}

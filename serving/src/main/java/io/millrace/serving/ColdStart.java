package io.millrace.serving;

/**
 * What it took to find the first snapshot.
 *
 * @param snapshotBytes what its tensors take
 * @param receivedBytes what the brokers sent until it was found, everything included: records that
 *     were passed over and answers without any
 * @param topicRecords offsets that the topic has
 * @param elapsedMs from the first request on
 */
public record ColdStart(
    long snapshotBytes, long receivedBytes, long topicRecords, long elapsedMs) {}

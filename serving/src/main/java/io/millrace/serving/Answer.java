package io.millrace.serving;

import java.util.Optional;

/**
 * What a snapshot says about one image.
 *
 * @param version of the snapshot that answered
 * @param label the class, from 0: the first of those with the highest probability
 * @param className empty where the snapshot names no classes
 * @param probabilities one for each class; the scores themselves for a network trained on squared
 *     error
 * @param ageMs milliseconds since the snapshot was published, by the learner's clock and this one's
 * @param stale whether that is more than {@link Freshness} allows
 */
public record Answer(
    long version,
    int label,
    Optional<String> className,
    float[] probabilities,
    long ageMs,
    boolean stale) {}

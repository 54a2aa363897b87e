package io.millrace.app.access;

import io.millrace.topology.config.LabelJoinConfig;
import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.config.PredictConfig;

/** The configuration of every program that has one; a program's rights follow from it. */
public record Programs(LearnerConfig learner, PredictConfig predict, LabelJoinConfig labels) {}

/** The {@code demo} command: broker, producer, learner and a downstream consumer in one process. */
@NullMarked
package io.millrace.app.demo;

import org.jspecify.annotations.NullMarked;

package io.millrace.topology.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.millrace.topology.SmallLearner;
import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.state.TrainingStateStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedPunctuator;
import org.junit.jupiter.api.Test;

/** What a processor leaves behind when Kafka Streams closes it and goes on with the task. */
class LearnProcessorTest {

  @Test
  void aClosedProcessorIsNotCalledByTheClockAnyMore() {
    LearnerConfig config = SmallLearner.config();
    MockProcessorContext<byte[], byte[]> context = new MockProcessorContext<>();
    TrainingStateStore store = TrainingStateStore.builder().build();
    context.setCurrentSystemTimeMs(0);
    context.addStateStore(store);
    LearnProcessor processor =
        new LearnProcessor(config, new Observer() {}, _ -> Optional.empty(), Map.of());
    processor.init(context);
    List<CapturedPunctuator> clocks = context.scheduledPunctuators();
    assertFalse(clocks.isEmpty());
    assertEquals(0, clocks.stream().filter(CapturedPunctuator::cancelled).count());
    processor.close();
    assertEquals(clocks.size(), clocks.stream().filter(CapturedPunctuator::cancelled).count());
    // The same task, with its state restored.
    processor.init(context);
    assertEquals(
        clocks.size(),
        context.scheduledPunctuators().stream().filter(clock -> !clock.cancelled()).count());
    processor.close();
  }
}

package io.millrace.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PartitionReaderTest {
  @Test
  void userPropertiesPassButCannotUndoWhatCorrectnessNeeds() {
    Map<String, Object> properties =
        PartitionReader.properties(
            Map.of(
                "bootstrap.servers",
                "somewhere:9092",
                "max.partition.fetch.bytes",
                1000,
                "group.id",
                "mine",
                "isolation.level",
                "read_uncommitted",
                "enable.auto.commit",
                true,
                "allow.auto.create.topics",
                true));
    assertEquals("somewhere:9092", properties.get("bootstrap.servers"));
    assertEquals(1000, properties.get("max.partition.fetch.bytes"));
    assertFalse(properties.containsKey("group.id"));
    assertEquals("read_committed", properties.get("isolation.level"));
    assertEquals(false, properties.get("enable.auto.commit"));
    assertEquals(false, properties.get("allow.auto.create.topics"));
  }
}

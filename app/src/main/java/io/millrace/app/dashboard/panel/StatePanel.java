package io.millrace.app.dashboard.panel;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.app.process.VersionProvider;
import io.millrace.model.spec.NetworkParameters;
import io.millrace.model.spec.NetworkShapes;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.spec.NodeSpec;
import io.millrace.model.spec.ParameterSpec;
import io.millrace.model.tensor.Shape;
import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.config.TopicNames;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What does not change by the second: the model, its network and classes, the topics. */
public final class StatePanel extends WholePanel {
  private final LearnerConfig config;
  private final boolean canControl;
  private @Nullable NetworkSpec network;
  private List<String> classNames;

  /**
   * The state as a configuration has it.
   *
   * @param known whether the learner runs with this very configuration; else the first snapshot
   *     tells which network it is
   */
  public StatePanel(LearnerConfig config, boolean known, boolean canControl) {
    super("state");
    this.config = config;
    this.canControl = canControl;
    network = known ? config.network() : null;
    classNames = known ? config.images().classNames() : List.of();
  }

  /** A snapshot says what the network is. */
  public synchronized void learned(NetworkSpec spec, List<String> names) {
    if (!spec.equals(network) || !names.equals(classNames)) {
      network = spec;
      classNames = List.copyOf(names);
      changed();
    }
  }

  /** The network, once it is known. */
  public synchronized Optional<NetworkSpec> network() {
    return Optional.ofNullable(network);
  }

  /** The classes' names, where they have any. */
  public synchronized List<String> classNames() {
    return classNames;
  }

  @Override
  synchronized void write(JsonGenerator json) throws IOException {
    NetworkSpec of = network == null ? config.network() : network;
    json.writeStringField("millrace", VersionProvider.version());
    json.writeStringField("model", config.model());
    json.writeStringField("bootstrap", config.kafka().getOrDefault("bootstrap.servers", ""));
    json.writeNumberField("nowMs", System.currentTimeMillis());
    json.writeBooleanField("canControl", canControl);
    JsonValues.strings(json, "classNames", classNames);
    json.writeNumberField("classes", of.classes());
    JsonValues.ints(json, "input", of.input().toArray());
    json.writeFieldName("network");
    if (network == null) {
      json.writeNull();
    } else {
      write(json, network);
    }
    json.writeObjectFieldStart("topics");
    write(json, config.topics());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, TopicNames topics) throws IOException {
    json.writeStringField("images", topics.images());
    json.writeStringField("metrics", topics.metrics());
    json.writeStringField("layers", topics.layers());
    json.writeStringField("snapshots", topics.snapshots());
    json.writeStringField("deadLetters", topics.deadLetters());
    json.writeStringField("journal", topics.journal());
    json.writeStringField("control", topics.control());
    json.writeStringField("acknowledgements", topics.acknowledgements());
    json.writeStringField("aliases", topics.aliases());
  }

  private static void write(JsonGenerator json, NetworkSpec network) throws IOException {
    Map<String, Shape> shapes = NetworkShapes.infer(network);
    json.writeStartObject();
    json.writeStringField("name", network.name());
    json.writeStringField("fingerprint", network.fingerprint());
    json.writeNumberField(
        "parameters",
        NetworkParameters.list(network).stream()
            .filter(parameter -> parameter.role().trained())
            .mapToLong(parameter -> parameter.shape().elements())
            .sum());
    JsonValues.ints(json, "input", network.input().toArray());
    json.writeArrayFieldStart("nodes");
    for (NodeSpec node : network.nodes()) {
      long parameters = 0;
      for (ParameterSpec p : NetworkParameters.of(node, NetworkShapes.inputsOf(node, shapes))) {
        parameters += p.role().trained() ? p.shape().elements() : 0;
      }
      json.writeStartObject();
      json.writeStringField("name", node.name());
      json.writeStringField("operation", node.operation().type());
      json.writeStringField("detail", detail(node));
      JsonValues.strings(json, "inputs", node.inputs());
      JsonValues.ints(json, "output", NetworkShapes.outputOf(node, shapes).toArray());
      json.writeNumberField("parameters", parameters);
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static String detail(NodeSpec node) {
    return node.operation().attributes().entrySet().stream()
        .map(entry -> entry.getKey() + " " + entry.getValue())
        .collect(Collectors.joining(", "));
  }
}

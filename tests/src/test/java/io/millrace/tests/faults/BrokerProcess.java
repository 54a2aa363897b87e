package io.millrace.tests.faults;

import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.app.broker.Seat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The program of a broker's JVM: an embedded broker until standard input ends. */
final class BrokerProcess {

  private BrokerProcess() {}

  static List<String> arguments(Path folder, int port, Seat seat, Map<String, String> settings) {
    List<String> arguments = new ArrayList<>();
    arguments.add(folder.toString());
    arguments.add(Integer.toString(port));
    arguments.add(Integer.toString(seat.nodeId()));
    arguments.add(seat.clusterId());
    List<String> controllers = new ArrayList<>();
    seat.controllerPorts().forEach((id, controller) -> controllers.add(id + "=" + controller));
    arguments.add(String.join(",", controllers));
    settings.forEach((key, value) -> arguments.add(key + "=" + value));
    return arguments;
  }

  /** Arguments as {@link #arguments} makes them. */
  public static void main(String[] args) throws IOException {
    SortedMap<Integer, Integer> controllers = new TreeMap<>();
    pairs(List.of(args[4].split(",", -1)))
        .forEach((id, port) -> controllers.put(Integer.valueOf(id), Integer.valueOf(port)));
    Seat seat = new Seat(Integer.parseInt(args[2]), args[3], controllers);
    Map<String, String> settings = pairs(List.of(args).subList(5, args.length));
    EmbeddedBroker.Options options =
        new EmbeddedBroker.Options(Path.of(args[0]), Integer.parseInt(args[1]), settings)
            .withSeat(seat);
    try (EmbeddedBroker broker = EmbeddedBroker.start(options)) {
      ChildJvm.mark("ready at " + broker.bootstrapServers());
      while (System.in.read() >= 0) {
        // Whatever comes is no reason to stop.
      }
    }
  }

  private static Map<String, String> pairs(List<String> texts) {
    Map<String, String> pairs = new TreeMap<>();
    for (String text : texts) {
      int middle = text.indexOf('=');
      pairs.put(text.substring(0, middle), text.substring(middle + 1));
    }
    return pairs;
  }
}

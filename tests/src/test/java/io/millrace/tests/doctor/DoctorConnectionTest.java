package io.millrace.tests.doctor;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.app.Main;
import io.millrace.app.broker.EmbeddedBroker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How far one gets on the way to a cluster, and JVMs that were started as they should not be. */
class DoctorConnectionTest {

  private static final String HOST = "127.0.0.1";

  @TempDir Path folder;

  @Test
  void tellsNameFromPortFromProtocol() throws Exception {
    Diagnosis.of(List.of("-b", "no-such-host.invalid:9092"))
        .assertFound("FAULT", "brokers", "stands for no address", "kafka.bootstrap.servers");
    try (ServerSocket port = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String server = HOST + ":" + port.getLocalPort();
      Diagnosis.of(List.of("-b", server))
          .assertFound("FAULT", "brokers", "nothing there answers", "kafka.security.protocol");
    }
    Diagnosis.of(List.of("-b", HOST + ":" + freePort()))
        .assertFound("FAULT", "brokers", "no connection", "start the broker");
    Diagnosis.of(List.of("-b", HOST))
        .assertFound("FAULT", "brokers", "expected HOST:PORT", "kafka.bootstrap.servers");
  }

  /** One broker, two mistakes: what it says of its second listener, and copies of a log. */
  @Test
  void findsAnAddressThatLeadsNowhereAndACopyTooMany() throws Exception {
    int inner = freePort();
    int outer = freePort();
    int controller = freePort();
    int nowhere = freePort();
    String innerListener = "PLAINTEXT://" + HOST + ":" + inner;
    Map<String, String> settings =
        Map.of(
            "listeners",
            innerListener
                + ",OUTER://"
                + HOST
                + ":"
                + outer
                + ",CONTROLLER://"
                + HOST
                + ":"
                + controller,
            "advertised.listeners",
            innerListener + ",OUTER://" + HOST + ":" + nowhere,
            "listener.security.protocol.map",
            "PLAINTEXT:PLAINTEXT,OUTER:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "controller.quorum.voters",
            "1@" + HOST + ":" + controller,
            "transaction.state.log.replication.factor",
            "3");
    try (EmbeddedBroker _ =
        EmbeddedBroker.start(new EmbeddedBroker.Options(folder, inner, settings))) {
      Diagnosis.of(List.of("-b", HOST + ":" + outer))
          .assertFound("FAULT", "brokers", "at " + HOST, "set advertised.listeners of the broker");
      Diagnosis.of(List.of("-b", HOST + ":" + inner))
          .assertFound(
              "FAULT",
              "cluster",
              "transactions are not possible: transaction.state.log.replication.factor is 3",
              "start more brokers");
    }
  }

  @Test
  void findsAJvmWithoutVectorsAndATemporaryFolderThatIsNone() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "no folder");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + file,
                "-Dmillrace.home=" + System.getProperty("millrace.home", "."),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "doctor",
                "-b",
                "none"));
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), "expected an end");
    Diagnosis diagnosis =
        new Diagnosis(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    diagnosis.assertFound(
        "warning", "kernels", "module jdk.incubator.vector is absent", "--add-modules");
    diagnosis.assertFound("FAULT", "libraries", "RocksDB", "-Djava.io.tmpdir=FOLDER");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}

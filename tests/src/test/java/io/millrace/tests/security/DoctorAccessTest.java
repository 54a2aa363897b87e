package io.millrace.tests.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.app.Main;
import io.millrace.app.produce.TopicSpec;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./millrace doctor} says of logins, certificates and rights. */
class DoctorAccessTest {

  private static final String PASSWORD = "doctors-test";

  @TempDir static Path folder;

  @SuppressWarnings("NullAway.Init") // by JUnit, before any test
  private static SecureBroker broker;

  @BeforeAll
  static void startBroker() {
    broker = SecureBroker.start(folder);
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void tellsALoginFromACertificateFromAProtocol() {
    broker.addUser("known", PASSWORD);
    Map<String, String> good = broker.scramSettings("known", PASSWORD);

    String password = doctor(broker.scramSettings("known", "wrong"), "password");
    assertTrue(password.contains("login: expected brokers to accept it"), password);
    assertTrue(password.contains("mend: correct user and password"), password);

    Map<String, String> untrusting = new HashMap<>(good);
    untrusting.remove("ssl.truststore.type");
    untrusting.remove("ssl.truststore.location");
    String certificate = doctor(untrusting, "certificate");
    assertTrue(certificate.contains("TLS with the brokers"), certificate);
    assertTrue(certificate.contains("mend: correct kafka.ssl.truststore"), certificate);

    Map<String, String> plain =
        Map.of("bootstrap.servers", good.getOrDefault("bootstrap.servers", ""));
    String protocol = doctor(plain, "protocol");
    assertTrue(protocol.contains("the port is open, but nothing there answers"), protocol);
    assertTrue(protocol.contains("mend: correct kafka.security.protocol"), protocol);
  }

  @Test
  void namesEachRightThatIsMissingAndTouchesNothing() {
    Installation installation =
        Installation.write(folder, "sick", "sick", broker.scramSettings("sick", PASSWORD));
    broker.addUser("sick", PASSWORD);
    List<AclBinding> rights =
        new ArrayList<>(PrintedCommands.rights(installation.acls("learner", "User:sick")));
    List<AclBinding> leftOut =
        rights.stream()
            .filter(right ->
                right.pattern().resourceType() == ResourceType.TRANSACTIONAL_ID
                    || right.pattern().name().equals("sick.journal")
                    || (right.pattern().name().equals(installation.images())
                        && right.entry().operation() == AclOperation.READ))
            .toList();
    rights.removeAll(leftOut);
    broker.grant(rights);
    broker.createTopic(TopicSpec.of(installation.images(), 1, Map.of()));

    String found = run(installation.command("doctor"), 1);
    for (AclBinding right : leftOut) {
      String name = right.pattern().name();
      assertTrue(
          found.lines().anyMatch(line -> line.startsWith("FAULT   rights") && line.contains(name)),
          () -> right + " of\n" + found);
    }
    assertTrue(found.contains("mend: ./millrace acls --role learner"), found);

    broker.grant(leftOut);
    String healthy = run(installation.command("doctor"), 0);
    // It asked for topics without making any.
    String missing = "made at the first start: sick.metrics, ";
    assertTrue(healthy.contains(missing), healthy);
    assertTrue(run(installation.command("doctor"), 0).contains(missing), healthy);
  }

  private static String doctor(Map<String, String> kafka, String name) {
    return run(Installation.write(folder, name, "known", kafka).command("doctor"), 1);
  }

  private static String run(List<String> arguments, int exitCode) {
    StringWriter out = new StringWriter();
    PrintWriter printer = new PrintWriter(out, true);
    int actual = Main.execute(printer, printer, arguments.toArray(String[]::new));
    assertEquals(exitCode, actual, out::toString);
    return out.toString();
  }
}

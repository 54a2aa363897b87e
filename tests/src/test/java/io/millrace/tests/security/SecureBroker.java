package io.millrace.tests.security;

import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.app.produce.TopicSetup;
import io.millrace.app.produce.TopicSpec;
import io.millrace.tests.support.Eventually;
import io.millrace.tests.support.Images;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A broker with ACLs where nobody but the administrator may do anything that was not granted.
 * Programs come in by SASL_SSL with SCRAM or by TLS with a certificate; the broker itself, its
 * controller and the administrator use listeners of their own.
 */
final class SecureBroker implements AutoCloseable {

  private static final String HOST = "127.0.0.1";
  private static final String ADMIN_PASSWORD = "administrators-only";
  private static final String ADMIN_LOGIN =
      "org.apache.kafka.common.security.plain.PlainLoginModule required username=admin password=\""
          + ADMIN_PASSWORD
          + "\"";

  private final EmbeddedBroker broker;
  private final Certificates certificates;
  private final int scramPort;
  private final int certificatePort;
  private final Map<String, String> adminSettings;
  private final Admin admin;

  private SecureBroker(EmbeddedBroker broker, Certificates certificates, List<Integer> ports) {
    this.broker = broker;
    this.certificates = certificates;
    this.scramPort = ports.get(1);
    this.certificatePort = ports.get(2);
    this.adminSettings =
        Map.of(
            "bootstrap.servers",
            broker.bootstrapServers(),
            "security.protocol",
            "SASL_PLAINTEXT",
            "sasl.mechanism",
            "PLAIN",
            "sasl.jaas.config",
            ADMIN_LOGIN + ";");
    this.admin = Admin.create(new HashMap<>(adminSettings));
  }

  static SecureBroker start(Path folder) {
    Certificates certificates = Certificates.in(folder);
    List<Integer> ports = freePorts(4);
    EmbeddedBroker broker =
        EmbeddedBroker.start(
            new EmbeddedBroker.Options(
                folder.resolve("broker"), ports.getFirst(), settings(certificates, ports)));
    return new SecureBroker(broker, certificates, ports);
  }

  private static Map<String, String> settings(Certificates certificates, List<Integer> ports) {
    Map<String, String> s = new HashMap<>();
    String open = "INNER://" + HOST + ":" + ports.get(0);
    String scram = "SCRAM://" + HOST + ":" + ports.get(1);
    String certificate = "CERTIFICATE://" + HOST + ":" + ports.get(2);
    String controller = HOST + ":" + ports.get(3);
    String advertised = String.join(",", open, scram, certificate);
    s.put("listeners", advertised + ",CONTROLLER://" + controller);
    s.put("advertised.listeners", advertised);
    s.put(
        "listener.security.protocol.map",
        "INNER:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT,SCRAM:SASL_SSL,CERTIFICATE:SSL");
    s.put("inter.broker.listener.name", "INNER");
    s.put("controller.quorum.voters", "1@" + controller);
    s.put("sasl.mechanism.inter.broker.protocol", "PLAIN");
    s.put("sasl.mechanism.controller.protocol", "PLAIN");
    for (String inner : List.of("inner", "controller")) {
      s.put("listener.name." + inner + ".sasl.enabled.mechanisms", "PLAIN");
      s.put(
          "listener.name." + inner + ".plain.sasl.jaas.config",
          ADMIN_LOGIN + " user_admin=\"" + ADMIN_PASSWORD + "\";");
    }
    s.put("listener.name.scram.sasl.enabled.mechanisms", "SCRAM-SHA-512");
    s.put(
        "listener.name.scram.scram-sha-512.sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required;");
    for (String outer : List.of("scram", "certificate")) {
      String prefix = "listener.name." + outer + ".ssl.";
      s.put(prefix + "keystore.location", certificates.brokerKeys().toString());
      s.put(prefix + "keystore.password", Certificates.PASSWORD);
      s.put(prefix + "truststore.type", "PEM");
      s.put(prefix + "truststore.location", certificates.authority().toString());
    }
    s.put("listener.name.certificate.ssl.client.auth", "required");
    s.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
    s.put("allow.everyone.if.no.acl.found", "false");
    s.put("super.users", "User:admin");
    s.put("group.min.session.timeout.ms", "1000");
    return s;
  }

  private static List<Integer> freePorts(int count) {
    List<ServerSocket> held = new ArrayList<>();
    List<Integer> ports = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral(HOST));
        held.add(socket);
        ports.add(socket.getLocalPort());
      }
      for (ServerSocket socket : held) {
        socket.close();
      }
      return ports;
    } catch (IOException e) {
      throw new IllegalStateException("expected " + count + " free ports on " + HOST, e);
    }
  }

  /** What a program is told to log in by SCRAM; {@code password} may be a reference. */
  Map<String, String> scramSettings(String user, String password) {
    Map<String, String> settings = new HashMap<>();
    settings.put("bootstrap.servers", HOST + ":" + scramPort);
    settings.put("security.protocol", "SASL_SSL");
    settings.put("sasl.mechanism", "SCRAM-SHA-512");
    settings.put(
        "sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required username=\""
            + user
            + "\" password=\""
            + password
            + "\";");
    settings.put("ssl.truststore.type", "PEM");
    settings.put("ssl.truststore.location", certificates.authority().toString());
    return settings;
  }

  /** What a program is told to show a certificate instead. */
  Map<String, String> certificateSettings() {
    return Map.of(
        "bootstrap.servers",
        HOST + ":" + certificatePort,
        "security.protocol",
        "SSL",
        "ssl.keystore.location",
        certificates.clientKeys().toString(),
        "ssl.keystore.password",
        Certificates.PASSWORD,
        "ssl.truststore.type",
        "PEM",
        "ssl.truststore.location",
        certificates.authority().toString());
  }

  Certificates certificates() {
    return certificates;
  }

  /** Adds a user who may do nothing yet. */
  void addUser(String name, String password) {
    get(
        admin
            .alterUserScramCredentials(
                List.of(
                    new UserScramCredentialUpsertion(
                        name,
                        new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096),
                        password)))
            .all());
    Eventually.await(
        "user " + name,
        () -> {
          try {
            get(admin.describeUserScramCredentials(List.of(name)).description(name));
            return Optional.of(name);
          } catch (IllegalStateException _) {
            return Optional.empty();
          }
        },
        () -> "no such user");
  }

  /** Grants these rights, beside what the principals have. */
  void grant(Collection<AclBinding> rights) {
    get(admin.createAcls(rights).all());
    Set<AclBinding> missing = new HashSet<>(rights);
    Eventually.await(
        "rights",
        () -> {
          rights.stream()
              .map(SecureBroker::ofSamePrincipal)
              .distinct()
              .forEach(filter -> missing.removeAll(get(admin.describeAcls(filter).values())));
          return missing.isEmpty() ? Optional.of(true) : Optional.empty();
        },
        () -> "none of " + missing);
  }

  /** Takes one right back. */
  void revoke(AclBinding right) {
    get(admin.deleteAcls(List.of(right.toFilter())).all());
    Eventually.await(
        "end of a right",
        () ->
            get(admin.describeAcls(right.toFilter()).values()).isEmpty()
                ? Optional.of(true)
                : Optional.empty(),
        () -> "still " + right);
  }

  private static AclBindingFilter ofSamePrincipal(AclBinding right) {
    return new AclBindingFilter(
        ResourcePatternFilter.ANY,
        new AccessControlEntryFilter(
            right.entry().principal(), null, AclOperation.ANY, AclPermissionType.ANY));
  }

  /** Makes a topic, as an administrator does. */
  void createTopic(TopicSpec topic) {
    try (TopicSetup setup = TopicSetup.connect(adminSettings)) {
      setup.ensure(topic);
    }
  }

  /** Fills a topic with images, as somebody does who has nothing to do with the test. */
  void sendImages(String topic, int from, int to) {
    send(Images.records(topic, from, to));
  }

  /** Sends records, as an administrator may. */
  void send(List<ProducerRecord<byte[], byte[]>> records) {
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            new HashMap<>(adminSettings), new ByteArraySerializer(), new ByteArraySerializer())) {
      records.stream().map(producer::send).toList().forEach(SecureBroker::get);
    }
  }

  private static <T> T get(java.util.concurrent.Future<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the broker refused the administrator", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the broker", e);
    }
  }

  @Override
  public void close() {
    admin.close();
    broker.close();
  }
}

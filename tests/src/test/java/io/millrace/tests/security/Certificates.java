package io.millrace.tests.security;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys and certificates for a test, made by the JDK's keytool: an authority, a broker's and a
 * client's certificate that it has signed, and an authority that has signed nothing.
 *
 * @param authority certificate of the authority, PEM
 * @param stranger certificate of the other authority, PEM
 */
record Certificates(Path authority, Path stranger, Path brokerKeys, Path clientKeys) {

  static final String PASSWORD = "keys-are-locked";
  static final String CLIENT_NAME = "CN=millrace-consumer";

  static Certificates in(Path folder) {
    Path all = folder.resolve("authority.p12");
    Certificates made =
        new Certificates(
            folder.resolve("authority.pem"),
            folder.resolve("stranger.pem"),
            folder.resolve("broker.p12"),
            folder.resolve("client.p12"));
    generate(all, "authority", "CN=millrace-test-authority", "-ext", "bc:c");
    export(all, "authority", made.authority);
    generate(
        all,
        "broker",
        "CN=localhost",
        "-signer",
        "authority",
        "-ext",
        "san=ip:127.0.0.1,dns:localhost");
    separate(all, "broker", made.brokerKeys);
    generate(all, "client", CLIENT_NAME, "-signer", "authority");
    separate(all, "client", made.clientKeys);
    generate(all, "stranger", "CN=stranger", "-ext", "bc:c");
    export(all, "stranger", made.stranger);
    return made;
  }

  private static void generate(Path store, String alias, String name, String... more) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("-genkeypair", "-alias", alias, "-dname", name));
    arguments.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1", "-validity", "30"));
    arguments.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD));
    arguments.addAll(List.of(more));
    keytool(arguments);
  }

  private static void export(Path store, String alias, Path certificate) {
    keytool(
        List.of(
            "-exportcert",
            "-rfc",
            "-alias",
            alias,
            "-file",
            certificate.toString(),
            "-keystore",
            store.toString(),
            "-storepass",
            PASSWORD));
  }

  /** A program gets its own keys and no others. */
  private static void separate(Path store, String alias, Path own) {
    keytool(
        List.of(
            "-importkeystore",
            "-srcalias",
            alias,
            "-srckeystore",
            store.toString(),
            "-srcstorepass",
            PASSWORD,
            "-destkeystore",
            own.toString(),
            "-deststorepass",
            PASSWORD));
  }

  private static void keytool(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    // It lives for a moment: not long enough for the second compiler to pay.
    command.add("-J-XX:TieredStopAtLevel=1");
    command.addAll(arguments);
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException("keytool " + arguments.getFirst() + ": " + said);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("keytool", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while keytool runs", e);
    }
  }
}

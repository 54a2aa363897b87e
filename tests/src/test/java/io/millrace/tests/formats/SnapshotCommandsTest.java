package io.millrace.tests.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.AliasObserved;
import io.millrace.ModelAlias;
import io.millrace.SnapshotManifest;
import io.millrace.TensorInfo;
import io.millrace.app.Main;
import io.millrace.model.onnx.OnnxWriter;
import io.millrace.model.safetensors.SafetensorsFile;
import io.millrace.model.safetensors.SafetensorsReader;
import io.millrace.schemas.AvroCodec;
import io.millrace.schemas.RecordSignatures;
import io.millrace.schemas.TensorBytes;
import io.millrace.schemas.Topics;
import io.millrace.tests.support.Cluster;
import io.millrace.tests.support.ForeignSnapshot;
import io.millrace.tests.support.Images;
import io.millrace.tests.support.Run;
import io.millrace.tests.support.TestLearner;
import io.millrace.topology.config.TopicNames;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code millrace snapshot} on versions that a learner has published. */
class SnapshotCommandsTest {
  private static final int VERSIONS = 4;
  private static final int EVERY_STEPS = 3;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What a command printed and how it ended. */
  private record Result(int exitCode, String out, String err) {}

  @TempDir static Path folder;

  @SuppressWarnings("NullAway.Init") // by JUnit, before any test
  private static Cluster cluster;

  @SuppressWarnings("NullAway.Init") // by JUnit, before any test
  private static Run run;

  @SuppressWarnings("NullAway.Init") // by JUnit, before any test
  private static List<SnapshotManifest> manifests;

  @BeforeAll
  static void learn() throws ExecutionException, InterruptedException {
    cluster = Cluster.embedded(folder);
    String images = cluster.createImages(cluster.newRun("images"));
    TestLearner learner = TestLearner.withDefaults().withSnapshots(EVERY_STEPS, 10);
    run = Run.of(cluster, "commands", learner, images);
    cluster.send(Images.records(images, 0, VERSIONS * EVERY_STEPS * learner.batch()));
    run.learnTo(VERSIONS * EVERY_STEPS);
    manifests = run.manifests();
    assertEquals(VERSIONS, manifests.size());
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()))) {
      admin
          .createTopics(List.of(new NewTopic(Topics.ALIASES, Optional.of(1), Optional.empty())))
          .all()
          .get();
    }
    cluster.send(
        List.of(
            alias("champion", manifests.get(1), manifests.get(1).getSha256()),
            alias("stale", manifests.get(0), "00"),
            alias("retired", manifests.get(0), "00"),
            new ProducerRecord<>(Topics.ALIASES, 0, bytes("e2e/retired"), null)));
  }

  @AfterAll
  static void stopBroker() {
    cluster.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static ProducerRecord<byte[], byte[]> alias(
      String name, SnapshotManifest of, String sha256) {
    ModelAlias alias =
        new ModelAlias(
            of.getModel(), name, of.getVersion(), sha256, "command-1", new AliasObserved(1L));
    return new ProducerRecord<>(
        Topics.ALIASES,
        0,
        bytes(of.getModel() + "/" + name),
        AvroCodec.of(ModelAlias.class).encode(alias));
  }

  private static Result snapshot(String... arguments) {
    return snapshot(run.topics(), arguments);
  }

  private static Result snapshot(TopicNames topics, String... arguments) {
    List<String> all = new ArrayList<>(List.of("snapshot"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("-b", cluster.bootstrapServers()));
    all.addAll(List.of("--set", "model=" + TestLearner.MODEL));
    all.addAll(List.of("--set", "topics.snapshots=" + topics.snapshots()));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Main.execute(new PrintWriter(out), new PrintWriter(err), all.toArray(String[]::new));
    return new Result(code, out.toString(), err.toString());
  }

  @Test
  void listHasALineForEachVersion() throws IOException {
    List<String> lines = snapshot("list").out().lines().toList();
    assertEquals(1 + VERSIONS, lines.size(), lines::toString);
    assertTrue(
        lines.get(2).matches("\\s+2\\s+6\\s+114 .* 1 +[0-9a-f]{12} .* champion"), lines.get(2));
    JsonNode json = JSON.readTree(snapshot("list", "--json").out());
    assertEquals(VERSIONS, json.size());
    for (int i = 0; i < VERSIONS; i++) {
      assertEquals(i + 1, json.get(i).get("version").asLong());
      assertEquals(manifests.get(i).getStep(), json.get(i).get("step").asLong());
      assertEquals(manifests.get(i).getSha256(), json.get(i).get("sha256").asText());
      assertEquals(i == 0, json.get(i).get("parentVersion").isNull());
    }
    assertEquals("[\"champion\"]", json.get(1).get("aliases").toString());
    assertEquals("[\"stale\"]", json.get(0).get("aliases").toString());
  }

  @Test
  void showPrintsTheWholeManifest() throws IOException {
    SnapshotManifest champion = manifests.get(1);
    String text = snapshot("show", "champion").out();
    for (TensorInfo tensor : champion.getTensors()) {
      assertTrue(text.contains(tensor.getSha256()), text);
    }
    Stream.of(champion.getSha256(), champion.getChecksum(), "Ankle boot", "momentum=0.9")
        .forEach(expected -> assertTrue(text.contains(expected), expected + " in " + text));
    JsonNode json = JSON.readTree(snapshot("show", "2", "--json").out());
    assertEquals(JSON.readTree(champion.toString()).get("tensors"), json.get("tensors"));
    assertEquals(champion.getNetworkFingerprint(), json.get("networkFingerprint").asText());
    assertEquals(champion.getProvenance().getSchedule(), json.at("/provenance/schedule").asText());
    assertEquals(VERSIONS, JSON.readTree(snapshot("show", "--json").out()).get("version").asLong());
  }

  @Test
  void getWritesTheWeightsOnceAndWhole(@TempDir Path out) throws IOException {
    Path file = out.resolve("champion.safetensors");
    Result written = snapshot("get", "champion", "--out", file.toString());
    assertEquals(0, written.exitCode(), written.err());
    SafetensorsFile read = SafetensorsReader.read(file, 1 << 20);
    SnapshotManifest champion = manifests.get(1);
    assertEquals(
        champion.getTensors().stream().map(TensorInfo::getName).toList(),
        List.copyOf(read.tensors().keySet()));
    for (TensorInfo tensor : champion.getTensors()) {
      assertEquals(tensor.getSha256(), TensorBytes.sha256(read.tensor(tensor.getName()).data()));
    }
    assertEquals("2", read.metadata().get("millrace.version"));
    assertEquals(champion.getSha256(), read.metadata().get("millrace.sha256"));
    assertEquals(
        champion.getNetworkFingerprint(), read.metadata().get("millrace.networkFingerprint"));
    assertEquals("0.286", read.metadata().get("millrace.mean"));
    assertEquals(
        champion.getClassNames(),
        String.valueOf(read.metadata().get("millrace.classNames")).lines().toList());

    byte[] before = Files.readAllBytes(file);
    Result refused = snapshot("get", "newest", "--out", file.toString());
    assertEquals(1, refused.exitCode());
    assertTrue(refused.err().contains("--force"), refused.err());
    assertArrayEquals(before, Files.readAllBytes(file));
    assertEquals(0, snapshot("get", "2", "--out", file.toString(), "--force").exitCode());
    assertArrayEquals(before, Files.readAllBytes(file));
    assertEquals(0, snapshot("get", "newest", "--out", file.toString(), "--force").exitCode());
    assertFalse(Arrays.equals(before, Files.readAllBytes(file)));
    try (Stream<Path> files = Files.list(out)) {
      assertEquals(List.of(file), files.toList());
    }
  }

  @Test
  void exportWritesANetworkThatOnnxRuntimeRuns(@TempDir Path out) throws IOException, OrtException {
    Path onnx = out.resolve("newest.onnx");
    Path weights = out.resolve("newest.safetensors");
    assertEquals(
        0,
        snapshot("export", "--out", onnx.toString(), "--raw-pixels", "--probabilities").exitCode());
    assertEquals(
        0, snapshot("export", "--format", "safetensors", "--out", weights.toString()).exitCode());
    TrainedNetwork learned =
        new TrainedNetwork(
            TestLearner.network(), SafetensorsReader.read(weights, 1 << 20).tensors());
    int n = 5;
    float[] images = new float[n * Images.SIDE * Images.SIDE];
    byte[] pixels = new byte[images.length];
    for (int i = 0; i < n; i++) {
      byte[] image = Images.pixels(9_000 + i);
      System.arraycopy(image, 0, pixels, i * image.length, image.length);
      run.config().images().normalization().apply(image, images, i * image.length);
    }
    try (OnnxRuntime runtime =
        new OnnxRuntime(Files.readAllBytes(onnx), TestLearner.network().input())) {
      assertEquals(VERSIONS, runtime.version());
      assertEquals(manifests.getLast().getSha256(), runtime.metadata().get("millrace.sha256"));
      assertArrayEquals(
          learned.logits(images, n), runtime.run(pixels, n, OnnxWriter.LOGITS), 1e-5f);
      assertArrayEquals(
          learned.probabilities(images, n),
          runtime.run(pixels, n, OnnxWriter.PROBABILITIES),
          1e-5f);
    }
  }

  @Test
  void exportAsksForAFormat() {
    Result unclear = snapshot("export", "--out", "model.bin");
    assertEquals(2, unclear.exitCode());
    assertTrue(unclear.err().contains("expected safetensors or onnx"), unclear.err());
    Result mixed = snapshot("export", "--out", "model.safetensors", "--raw-pixels");
    assertEquals(2, mixed.exitCode());
  }

  @Test
  void verifyFindsWhatIsBad() {
    Result good = snapshot("verify", "--all");
    assertEquals(0, good.exitCode(), good.out());
    assertTrue(good.out().endsWith("4 good, 0 bad\n"), good.out());
    Run other = Run.of(cluster, "bad", TestLearner.withDefaults(), run.topics().images());
    copy(run.topics().snapshots(), other.topics().snapshots(), null);
    ForeignSnapshot.of(manifests.getLast(), VERSIONS + 1)
        .withoutItsFirstChunk()
        .commit(cluster.bootstrapServers(), other.topics().snapshots());
    Result bad = snapshot(other.topics(), "verify", "--all");
    assertEquals(1, bad.exitCode());
    assertTrue(bad.out().contains("version 5: BAD: INCOMPLETE: tensor conv.weight"), bad.out());
    assertTrue(bad.out().endsWith("4 good, 1 bad\n"), bad.out());
    assertEquals(0, snapshot(other.topics(), "verify", "4").exitCode());
    assertEquals(1, snapshot(other.topics(), "verify").exitCode());
    Result got = snapshot(other.topics(), "get", "--out", folder.resolve("bad").toString());
    assertEquals(1, got.exitCode());
    assertTrue(got.err().contains("version 5: INCOMPLETE"), got.err());
    assertFalse(Files.exists(folder.resolve("bad")));
  }

  @Test
  void verifyAsksForTheSignatureOfATrustedKey(@TempDir Path keys)
      throws GeneralSecurityException, IOException {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    KeyPair foreign = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    Path pem = write(keys.resolve("key.pem"), pair);
    Path foreignPem = write(keys.resolve("foreign.pem"), foreign);
    Run signed = Run.of(cluster, "signed", TestLearner.withDefaults(), run.topics().images());
    copy(
        run.topics().snapshots(),
        signed.topics().snapshots(),
        new RecordSignatures.Signer("k1", pair.getPrivate()));
    TopicNames topics = signed.topics();
    Result good = snapshot(topics, "verify", "--all", "--trusted-key", "k1=" + pem);
    assertEquals(0, good.exitCode(), good.out() + good.err());
    assertTrue(good.out().contains("signed by a trusted key"), good.out());
    Result wrong = snapshot(topics, "verify", "--trusted-key", "k1=" + foreignPem);
    assertEquals(1, wrong.exitCode());
    assertTrue(wrong.out().contains("BAD: signature: it is not key 'k1's"), wrong.out());
    Result unsigned = snapshot("verify", "--trusted-key", "k1=" + pem);
    assertEquals(1, unsigned.exitCode());
    assertTrue(unsigned.out().contains("expected one by [k1], got none"), unsigned.out());
    assertEquals(2, snapshot("verify", "--trusted-key", "k1=/no/such/file").exitCode());
    assertTrue(snapshot(topics, "show").out().contains("by key 'k1'"));
  }

  @Test
  void diffSaysHowFarTheWeightsMoved() throws IOException {
    JsonNode same = JSON.readTree(snapshot("diff", "2", "champion", "--json").out());
    same.get("tensors").forEach(tensor -> assertTrue(tensor.get("equal").asBoolean()));
    assertEquals("{}", same.get("manifest").toString());
    JsonNode moved = JSON.readTree(snapshot("diff", "1", "--json").out());
    assertEquals(VERSIONS, moved.get("to").asLong());
    assertEquals(manifests.getFirst().getTensors().size(), moved.get("tensors").size());
    for (JsonNode tensor : moved.get("tensors")) {
      assertFalse(tensor.get("equal").asBoolean(), tensor::toString);
      assertTrue(tensor.get("distance").asDouble() >= tensor.get("largest").asDouble());
      assertTrue(tensor.get("largest").asDouble() > 0);
    }
    assertEquals("[\"3\",\"12\"]", moved.at("/manifest/step").toString());
    assertTrue(moved.at("/manifest/seed").isMissingNode());
    String text = snapshot("diff", "1", "2").out();
    assertTrue(text.contains("conv.weight"), text);
    assertTrue(text.contains("-> 2"), text);
  }

  @Test
  void mistakesAreAnsweredWithWhatThereIs() {
    Result missing = snapshot("show", "17");
    assertEquals(1, missing.exitCode());
    assertTrue(
        missing.err().contains("version 17 of model e2e: expected it in topic"), missing.err());
    assertTrue(missing.err().contains("got versions 4, 3, 2, 1"), missing.err());
    assertTrue(missing.err().contains("champion = 2"), missing.err());
    assertTrue(snapshot("show", "challenger").err().contains("alias challenger of model e2e"));
    assertTrue(snapshot("show", "retired").err().contains("alias retired of model e2e"));
    String stale = snapshot("show", "stale").err();
    assertTrue(stale.contains("expected weights with SHA-256 00"), stale);
    StringWriter err = new StringWriter();
    int code =
        Main.execute(
            new PrintWriter(new StringWriter()),
            new PrintWriter(err),
            "snapshot",
            "list",
            "-b",
            cluster.bootstrapServers(),
            "--set",
            "topics.snapshots=" + run.topics().snapshots());
    assertEquals(1, code);
    assertTrue(err.toString().contains("got only those of [e2e]"), err::toString);
    Result noTopic = snapshot(Cluster.topics("none", "none"), "list");
    assertTrue(
        noTopic.err().contains("topic none.snapshots: expected it to be there"), noTopic.err());
  }

  private static Path write(Path file, KeyPair pair) throws IOException {
    return Files.writeString(
        file,
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getEncoder().encodeToString(pair.getPublic().getEncoded())
            + "\n-----END PUBLIC KEY-----\n");
  }

  /** Copies a topic, its manifests signed if somebody is named. */
  private static void copy(String from, String to, RecordSignatures.@Nullable Signer signer) {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : cluster.read(from)) {
      ProducerRecord<byte[], byte[]> copied =
          new ProducerRecord<>(to, 0, record.key(), record.value());
      if (signer != null && Run.key(record).endsWith("/manifest")) {
        copied.headers().add(RecordSignatures.KEY_ID_HEADER, bytes(signer.keyId()));
        copied.headers().add(RecordSignatures.SIGNATURE_HEADER, signer.sign(record.value()));
      }
      records.add(copied);
    }
    assertTrue(records.size() > VERSIONS);
    cluster.send(records);
  }
}

package io.millrace.tests.security;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.ImageLabel;
import io.millrace.LabeledImage;
import io.millrace.UnlabeledImage;
import io.millrace.app.produce.TopicSpec;
import io.millrace.schemas.AvroCodec;
import io.millrace.schemas.Topics;
import io.millrace.tests.support.Eventually;
import io.millrace.tests.support.Images;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code predict} and {@code join-labels} with the rights that are printed, and without any one.
 */
class DownstreamRightsTest {

  private static final String PASSWORD = "downstream";
  private static final String NAME = "downstream";
  private static final int IMAGES = 8;

  @TempDir static Path folder;

  @SuppressWarnings("NullAway.Init") // by JUnit, before any test
  private static SecureBroker broker;

  private static int sent;

  @BeforeAll
  static void startBroker() {
    broker = SecureBroker.start(folder);
    for (String program : List.of("learner", "predictor", "joiner")) {
      broker.addUser(program, PASSWORD);
    }
    Installation learner = installation("learner");
    broker.grant(PrintedCommands.rights(learner.acls("learner", "User:learner")));
    broker.createTopic(TopicSpec.of(learner.images(), 1, Map.of()));
    broker.sendImages(learner.images(), 0, 2 * Installation.BATCH);
    try (CommandRun train = CommandRun.start(learner.train())) {
      awaitOutput(train, "version 1");
    }
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void predictNeedsEachRightThatIsPrintedAndNoMore() {
    needsEach("predictor", "predict", "predicted");
  }

  @Test
  void joinLabelsNeedsEachRightThatIsPrintedAndNoMore() {
    needsEach("joiner", "join-labels", "joined");
  }

  private static void needsEach(String role, String command, String done) {
    Installation installation = installation(role);
    List<AclBinding> rights = PrintedCommands.rights(installation.acls(role, "User:" + role));
    broker.grant(rights);
    List<String> arguments = installation.command(command, "--progress-seconds", "1");
    try (CommandRun run = CommandRun.start(arguments)) {
      awaitOutput(run, role.equals("joiner") ? "joining" : "predicting");
      send(IMAGES);
      awaitOutput(run, done + " " + sent + " ");
    }
    for (AclBinding right : rights) {
      if (right.entry().operation() == AclOperation.CREATE) {
        continue; // all are there by now
      }
      broker.revoke(right);
      send(1);
      String line = CommandRun.refused(arguments);
      assertTrue(line.contains("./millrace acls"), () -> right + ": " + line);
      broker.grant(List.of(right));
    }
  }

  /** Images, their labels, and a record that is neither. */
  private static void send(int count) {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      LabeledImage image = Images.image(i);
      String id = "image-" + sent++;
      UnlabeledImage unlabeled =
          UnlabeledImage.newBuilder()
              .setId(id)
              .setEncoding(image.getEncoding())
              .setChannels(image.getChannels())
              .setHeight(image.getHeight())
              .setWidth(image.getWidth())
              .setData(image.getData())
              .build();
      ImageLabel label = ImageLabel.newBuilder().setId(id).setLabel(image.getLabel()).build();
      byte[] key = id.getBytes(StandardCharsets.UTF_8);
      records.add(
          new ProducerRecord<>(
              Topics.UNLABELED, key, AvroCodec.of(UnlabeledImage.class).encode(unlabeled)));
      records.add(
          new ProducerRecord<>(Topics.LABELS, key, AvroCodec.of(ImageLabel.class).encode(label)));
    }
    records.add(new ProducerRecord<>(Topics.UNLABELED, new byte[] {1}, new byte[] {1, 2}));
    broker.createTopic(TopicSpec.of(Topics.LABELS, 1, Map.of()));
    broker.send(records);
  }

  private static void awaitOutput(CommandRun run, String text) {
    Eventually.await(
        text,
        () -> {
          assertFalse(run.ended(), run::toString);
          return run.out().contains(text) ? Optional.of(true) : Optional.empty();
        },
        run::toString);
  }

  private static Installation installation(String user) {
    return Installation.write(folder, NAME, user, broker.scramSettings(user, PASSWORD));
  }
}

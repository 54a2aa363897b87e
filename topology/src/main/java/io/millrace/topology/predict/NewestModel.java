package io.millrace.topology.predict;

import io.millrace.serving.Predictor;
import io.millrace.serving.Snapshot;
import io.millrace.serving.SnapshotListener;
import io.millrace.topology.config.PredictConfig;
import io.millrace.topology.decode.UnlabeledDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The newest snapshot, ready to predict. It is fed by one thread and used by any number. Should a
 * model's images change their shape, those who began with the old shape end with it: decoding and
 * predicting go by one {@link ServedModel}.
 */
public final class NewestModel implements SnapshotListener, AutoCloseable {

  private final PredictConfig config;
  private final AtomicReference<@Nullable ServedModel> current = new AtomicReference<>();
  private final List<Predictor> made = new ArrayList<>();

  public NewestModel(PredictConfig config) {
    this.config = config;
  }

  @Override
  public synchronized void onSnapshot(Snapshot snapshot) {
    ServedModel model = current.get();
    if (model != null && model.input().equals(snapshot.network().input())) {
      model.predictor().onSnapshot(snapshot);
      return;
    }
    Predictor predictor = new Predictor(Predictor.Options.defaults());
    made.add(predictor);
    predictor.onSnapshot(snapshot);
    UnlabeledDecoder decoder =
        new UnlabeledDecoder(
            snapshot.network().input(), config.maxRecordBytes(), config.maxPixels());
    current.set(new ServedModel(snapshot.model(), snapshot.network().input(), decoder, predictor));
  }

  ServedModel current() {
    ServedModel model = current.get();
    if (model == null) {
      throw new IllegalStateException(
          "predictions: expected a snapshot before the first image, got none; start the stream"
              + " when there is one");
    }
    return model;
  }

  /** Ends the predictors' threads. */
  @Override
  public synchronized void close() {
    made.forEach(Predictor::close);
    made.clear();
  }
}

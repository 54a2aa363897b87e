package io.millrace.app.doctor;

import io.millrace.app.data.DataException;
import io.millrace.app.data.DatasetSpec;
import io.millrace.app.data.ImageSource;
import io.millrace.model.spec.NetworkSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Whether a data set is there, can be read and has as many classes as the network. */
final class DatasetCheck implements Check {

  private final String dataset;
  private final NetworkSpec network;

  DatasetCheck(String dataset, NetworkSpec network) {
    this.dataset = dataset;
    this.network = network;
  }

  @Override
  public String subject() {
    return "data set";
  }

  @Override
  public List<Finding> look() {
    List<String> notices = new ArrayList<>();
    try (ImageSource source = DatasetSpec.parse(dataset).open(notices::add)) {
      int classes = source.classNames().size();
      String found =
          String.format(Locale.ROOT, "%,d images of %s", source.size(), source.description());
      if (source.size() == 0) {
        return List.of(fault(found, "name another with --dataset"));
      }
      if (classes > network.classes()) {
        return List.of(
            fault(
                found
                    + " in "
                    + classes
                    + " classes, but network "
                    + network.name()
                    + " tells only "
                    + network.classes()
                    + " apart",
                "give the network's last layer " + classes + " outputs"));
      }
      return List.of(fine(found));
    } catch (DataException e) {
      return List.of(
          fault(
              String.valueOf(e.getMessage()),
              "./millrace produce --download fetches Fashion-MNIST; --dataset names another"));
    }
  }
}

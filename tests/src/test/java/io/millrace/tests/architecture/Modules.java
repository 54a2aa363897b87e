package io.millrace.tests.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.model.tensor.Tensor;
import io.millrace.schemas.Topics;
import io.millrace.serving.SnapshotSubscriber;
import io.millrace.topology.LearnerApplication;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The compiled classes of each module, without tests. */
final class Modules {

  /**
   * A module of the project.
   *
   * <p>{@code minClasses} guards against rules that hold because nothing was read: well under the
   * real number, well above none.
   */
  enum Module {
    SCHEMAS(Topics.class, 20, "io.millrace", "io.millrace.schemas.."),
    MODEL(Tensor.class, 60, "io.millrace.model.."),
    TOPOLOGY(LearnerApplication.class, 20, "io.millrace.topology.."),
    SERVING(SnapshotSubscriber.class, 8, "io.millrace.serving.."),
    APP(EmbeddedBroker.class, 40, "io.millrace.app..");

    private final Class<?> anchor;
    private final int minClasses;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> packages;

    Module(Class<?> anchor, int minClasses, String... packages) {
      this.anchor = anchor;
      this.minClasses = minClasses;
      this.packages = List.of(packages);
    }

    int minClasses() {
      return minClasses;
    }

    /** ArchUnit's patterns of the packages that this module alone may define. */
    List<String> packages() {
      return packages;
    }
  }

  private static final Map<Module, JavaClasses> CLASSES = new EnumMap<>(Module.class);

  static {
    for (Module module : Module.values()) {
      CLASSES.put(
          module, new ClassFileImporter().importLocations(List.of(location(module.anchor))));
    }
  }

  private Modules() {}

  static JavaClasses of(Module module) {
    return Objects.requireNonNull(CLASSES.get(module));
  }

  /** The classes of all modules. */
  static JavaClasses all() {
    return new ClassFileImporter()
        .importLocations(
            List.of(Module.values()).stream().map(module -> location(module.anchor)).toList());
  }

  /** A module's folder of classes or its jar, whichever Maven put on the class path. */
  private static Location location(Class<?> anchor) {
    try {
      URI source = anchor.getProtectionDomain().getCodeSource().getLocation().toURI();
      return Files.isDirectory(Path.of(source))
          ? Location.of(source)
          : Location.of(URI.create("jar:" + source + "!/"));
    } catch (java.net.URISyntaxException e) {
      throw new IllegalStateException("class path entry of " + anchor + ": not a URI", e);
    }
  }

  static boolean isPackageInfo(JavaClass javaClass) {
    return javaClass.getSimpleName().equals("package-info");
  }
}

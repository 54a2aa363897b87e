package io.millrace.app.data;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Fashion-MNIST (Xiao, Rasul, Vollgraf, 2017; MIT licence): 28 x 28 gray images of 10 kinds of
 * clothing, 60,000 to train on and 10,000 held out. A stratified sample of 12,000 and 2,000 of them
 * is part of this program, for machines without the whole set.
 */
public final class FashionMnist {
  public static final List<String> CLASS_NAMES =
      List.of(
          "T-shirt/top",
          "Trouser",
          "Pullover",
          "Dress",
          "Coat",
          "Sandal",
          "Shirt",
          "Sneaker",
          "Bag",
          "Ankle boot");

  /** Environment variable that names the folder of the whole set. */
  public static final String FOLDER_VARIABLE = "MILLRACE_FASHION_MNIST";

  private static final String SAMPLE = "fashion-mnist-sample/";

  /**
   * The four files of the whole set. The hashes are of the unpacked content, because mirrors and
   * distributions pack it again: Debian's files have no name in their gz header, upstream's have.
   */
  static final List<Download.Item> FILES =
      List.of(
          new Download.Item(
              "train-images-idx3-ubyte.gz",
              47_040_016,
              "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
          new Download.Item(
              "train-labels-idx1-ubyte.gz",
              60_008,
              "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
          new Download.Item(
              "t10k-images-idx3-ubyte.gz",
              7_840_016,
              "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
          new Download.Item(
              "t10k-labels-idx1-ubyte.gz",
              10_008,
              "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"));

  private final Optional<Path> folder;
  private final String description;

  private FashionMnist(Optional<Path> folder, String description) {
    this.folder = folder;
    this.description = description;
  }

  /**
   * Where to look for the whole set, in this order; the sample is taken when nothing is found.
   *
   * @param folder the user's choice; it has to have the files
   * @param installed folders in which distributions put the set
   * @param cache the user's cache folder, filled by downloads
   * @param download whether to download into the cache what is found nowhere else
   * @param mirror folder on the web that has the four files, with a slash at its end
   * @param timeLimit for the whole download
   */
  public record Options(
      Optional<Path> folder,
      List<Path> installed,
      Path cache,
      boolean download,
      URI mirror,
      Duration timeLimit) {

    /** Without a download; the user's choice is taken from the environment. */
    public static Options standard() {
      String cacheHome = System.getenv("XDG_CACHE_HOME");
      Path caches =
          cacheHome == null || cacheHome.isBlank()
              ? Path.of(System.getProperty("user.home"), ".cache")
              : Path.of(cacheHome);
      return new Options(
          Optional.ofNullable(System.getenv(FOLDER_VARIABLE))
              .filter(folder -> !folder.isBlank())
              .map(Path::of),
          List.of(Path.of("/usr/share/datasets/fashion-mnist")),
          caches.resolve("millrace").resolve("fashion-mnist"),
          false,
          URI.create("https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/"),
          Duration.ofSeconds(60));
    }

    public Options withFolder(Path newFolder) {
      return new Options(Optional.of(newFolder), installed, cache, download, mirror, timeLimit);
    }

    public Options withDownload(boolean newDownload) {
      return new Options(folder, installed, cache, newDownload, mirror, timeLimit);
    }
  }

  /**
   * Finds the whole set, or else takes the sample.
   *
   * @param notice takes lines for the user: what is used, and why not more
   * @throws DataException if the folder that the user chose does not have the files
   */
  public static FashionMnist locate(Options options, Consumer<String> notice) {
    FashionMnist found = find(options, notice);
    notice.accept("Data: " + found.description());
    return found;
  }

  private static FashionMnist find(Options options, Consumer<String> notice) {
    if (options.folder().isPresent()) {
      Path folder = options.folder().get();
      IdxFolder.find(folder, Split.TRAIN);
      IdxFolder.find(folder, Split.TEST);
      return whole(folder);
    }
    List<Path> candidates = new ArrayList<>(options.installed());
    candidates.add(options.cache());
    Optional<Path> present = candidates.stream().filter(FashionMnist::isWhole).findFirst();
    if (present.isPresent()) {
      return whole(present.get());
    }
    if (options.download()) {
      notice.accept("Data: downloading Fashion-MNIST (30 MB) to " + options.cache());
      try {
        new Download(options.mirror(), options.timeLimit()).fetch(FILES, options.cache());
        return whole(options.cache());
      } catch (DataException e) {
        notice.accept("Data: no download: " + e.getMessage());
      }
    }
    return new FashionMnist(
        Optional.empty(),
        "Fashion-MNIST, the bundled sample of 12,000 training and 2,000 test images (set "
            + FOLDER_VARIABLE
            + " to the folder of the whole set to use all 70,000)");
  }

  private static FashionMnist whole(Path folder) {
    return new FashionMnist(Optional.of(folder), "Fashion-MNIST in " + folder);
  }

  private static boolean isWhole(Path folder) {
    return FILES.stream()
        .map(item -> folder.resolve(item.name()))
        .allMatch(packed ->
            Files.isRegularFile(packed)
                || Files.isRegularFile(
                    Path.of(packed.toString().substring(0, packed.toString().length() - 3))));
  }

  /** The images of the bundled sample. */
  public static ImageSource sample(Split split) {
    String prefix = split == Split.TRAIN ? "train" : "t10k";
    IdxFile images = resource(prefix + "-images-idx3-ubyte.gz", 3);
    IdxFile labels = resource(prefix + "-labels-idx1-ubyte.gz", 1);
    return IdxSource.of(
        "Fashion-MNIST, " + split.text() + " images of the bundled sample",
        split,
        Optional.of(CLASS_NAMES),
        images,
        labels);
  }

  private static IdxFile resource(String name, int rank) {
    String path = SAMPLE + name;
    try (InputStream in = FashionMnist.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new DataException(
            path + ": expected the sample in this program, got none; build the program again");
      }
      return IdxFile.unpack(in.readAllBytes(), path, rank);
    } catch (IOException e) {
      throw DataException.unreadable(path, e);
    }
  }

  /** What was found, for the user. */
  public String description() {
    return description;
  }

  /** The folder of the whole set; empty when the sample is used. */
  public Optional<Path> folder() {
    return folder;
  }

  /** Opens the training or the held-out images. */
  public ImageSource open(Split split) {
    if (folder.isEmpty()) {
      return sample(split);
    }
    IdxFolder.Pair files = IdxFolder.find(folder.get(), split);
    return IdxSource.open(files.images(), files.labels(), split, Optional.of(CLASS_NAMES));
  }
}

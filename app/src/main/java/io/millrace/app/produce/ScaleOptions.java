package io.millrace.app.produce;

import io.millrace.app.data.ImageSource;
import io.millrace.app.data.ScaledSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options that bring images of any size to one. */
final class ScaleOptions {

  @Option(
      names = "--size",
      paramLabel = "HxW",
      description = "Scale images to this size, such as 32x32; they are decoded then.")
  private @Nullable String size;

  @Option(
      names = "--channels",
      paramLabel = "1|3",
      description = "With --size: 1 for gray, 3 for colour. Default: 3.")
  private @Nullable Integer channels;

  /**
   * To be called before {@link #apply}.
   *
   * @throws ParameterException naming the option that is wrong
   */
  void check(CommandLine command) {
    if (channels != null && (size == null || (channels != 1 && channels != 3))) {
      throw new ParameterException(
          command, "--channels: expected 1 or 3, and --size beside it, got " + channels);
    }
    if (size != null && !size.matches("[1-9][0-9]{0,2}x[1-9][0-9]{0,2}")) {
      throw new ParameterException(
          command, "--size: expected HEIGHTxWIDTH such as 32x32, at most 999x999, got " + size);
    }
  }

  /** The same images in the size that was asked for, or the source itself. */
  ImageSource apply(ImageSource source) {
    if (size == null) {
      return source;
    }
    int x = size.indexOf('x');
    return new ScaledSource(
        source,
        channels == null ? 3 : channels,
        Integer.parseInt(size.substring(0, x)),
        Integer.parseInt(size.substring(x + 1)));
  }
}

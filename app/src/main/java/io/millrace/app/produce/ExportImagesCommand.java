package io.millrace.app.produce;

import io.millrace.app.data.DataException;
import io.millrace.app.data.DatasetSpec;
import io.millrace.app.data.FashionMnist;
import io.millrace.app.data.ImageFolder;
import io.millrace.app.data.ImageFolder.Format;
import io.millrace.app.data.ImageSource;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code export-images}: a data set as picture files, a folder for each class. */
@Command(
    name = "export-images",
    sortOptions = false,
    description = {
      "Write a data set as PNG or JPEG files, a folder for each class.",
      "Data sets: " + DatasetSpec.SYNTAX + "."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before call.
public final class ExportImagesCommand implements Callable<Integer> {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  private boolean unusedHelp; // Declared for picocli, which prints the help itself.

  @Spec private CommandSpec spec;

  @Option(
      names = "--dataset",
      defaultValue = "fashion-mnist",
      description = "What to write. Default: ${DEFAULT-VALUE}.")
  private String dataset;

  @Option(
      names = "--to",
      paramLabel = "FOLDER",
      required = true,
      description = "Where to; a folder that is missing or empty.")
  private Path folder;

  @Option(
      names = "--format",
      paramLabel = "png|jpeg",
      defaultValue = "png",
      description = "png keeps every pixel, jpeg does not. Default: ${DEFAULT-VALUE}.")
  private Format format;

  @Mixin private ScaleOptions scale;

  @Option(names = "--limit", paramLabel = "COUNT", description = "End after this many images.")
  private @Nullable Integer limit;

  @Override
  public Integer call() {
    if (limit != null && limit < 1) {
      throw new ParameterException(
          spec.commandLine(), "--limit: expected 1 or more images, got " + limit);
    }
    scale.check(spec.commandLine());
    PrintWriter err = spec.commandLine().getErr();
    try (ImageSource source =
        scale.apply(
            DatasetSpec.parse(dataset).open(FashionMnist.Options.standard(), err::println))) {
      int most = limit == null ? source.size() : Math.min(limit, source.size());
      int written = ImageFolder.write(source, most, folder, format);
      PrintWriter out = spec.commandLine().getOut();
      out.printf(
          Locale.ROOT,
          "wrote %,d images of %d classes to %s%n",
          written,
          source.classNames().size(),
          folder);
      out.flush();
      return ExitCode.OK;
    } catch (DataException e) {
      err.println(e.getMessage());
      err.flush();
      return ExitCode.SOFTWARE;
    }
  }
}

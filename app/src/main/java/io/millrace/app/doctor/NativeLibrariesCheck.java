package io.millrace.app.doctor;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.ByteBufferOutputStream;
import org.rocksdb.RocksDB;

/**
 * Whether the native libraries of RocksDB, Zstandard and Snappy can be unpacked and loaded, which a
 * temporary folder that may not hold programs ({@code noexec}) prevents. Kafka Streams does not
 * start without the first; records of producers that compress so cannot be read without the others.
 */
final class NativeLibrariesCheck implements Check {

  private static final byte[] SAMPLE = "millrace".getBytes(StandardCharsets.UTF_8);

  @Override
  public String subject() {
    return "libraries";
  }

  @Override
  public List<Finding> look() {
    String folder = System.getProperty("java.io.tmpdir", "");
    List<Finding> findings = new ArrayList<>();
    try {
      RocksDB.loadLibrary();
    } catch (UnsatisfiedLinkError | RuntimeException e) {
      findings.add(
          fault(
              "RocksDB cannot be loaded from " + folder + ": " + firstLine(e),
              "MILLRACE_JAVA_OPTIONS=-Djava.io.tmpdir=FOLDER with one that is writable and not"
                  + " mounted noexec"));
    }
    for (String name : List.of("zstd", "snappy")) {
      try (OutputStream out =
          Compression.of(name)
              .build()
              .wrapForOutput(
                  new ByteBufferOutputStream(ByteBuffer.allocate(1024)),
                  RecordBatch.CURRENT_MAGIC_VALUE)) {
        out.write(SAMPLE);
      } catch (IOException | RuntimeException | LinkageError e) {
        findings.add(
            warning(
                "records that are compressed by " + name + " cannot be read: " + firstLine(e),
                "MILLRACE_JAVA_OPTIONS=-Djava.io.tmpdir=FOLDER, or other compression.type of"
                    + " producers"));
      }
    }
    if (findings.isEmpty()) {
      findings.add(fine("RocksDB, Zstandard and Snappy load from " + folder));
    }
    return findings;
  }

  private static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString());
  }
}

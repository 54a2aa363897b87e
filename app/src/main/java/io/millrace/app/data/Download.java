package io.millrace.app.data;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;

/** Fetches gz files from a mirror and keeps those whose content is the expected one. */
final class Download {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

  private final URI mirror;
  private final Duration timeLimit;

  /**
   * A file to fetch.
   *
   * @param name of the gz file, on the mirror and in the folder
   * @param unpackedBytes size of the content
   * @param unpackedSha256 SHA-256 of the content in lower-case hex
   */
  record Item(String name, long unpackedBytes, String unpackedSha256) {}

  Download(URI mirror, Duration timeLimit) {
    this.mirror = mirror;
    this.timeLimit = timeLimit;
  }

  /**
   * Fetches the items that the folder does not have yet. A file has its name only once its content
   * was checked; what a broken download leaves is removed.
   *
   * @throws DataException if one cannot be had in time, or has other content
   */
  void fetch(List<Item> items, Path folder) {
    long deadline = System.nanoTime() + timeLimit.toNanos();
    try {
      Files.createDirectories(folder);
      try (HttpClient client =
          HttpClient.newBuilder()
              .connectTimeout(CONNECT_LIMIT)
              .followRedirects(HttpClient.Redirect.NORMAL)
              .build()) {
        try {
          for (Item item : items) {
            if (!Files.exists(folder.resolve(item.name()))) {
              fetch(client, item, folder, deadline);
            }
          }
        } finally {
          client.shutdownNow();
        }
      }
    } catch (IOException e) {
      throw DataException.unreadable(folder, e);
    }
  }

  private void fetch(HttpClient client, Item item, Path folder, long deadline) throws IOException {
    URI from = mirror.resolve(item.name());
    Path partial = Files.createTempFile(folder, item.name(), ".partial");
    try {
      HttpRequest request = HttpRequest.newBuilder(from).GET().build();
      CompletableFuture<HttpResponse<Path>> answer =
          client.sendAsync(
              request,
              head ->
                  head.statusCode() == 200
                      ? HttpResponse.BodySubscribers.limiting(
                          HttpResponse.BodySubscribers.ofFile(partial), item.unpackedBytes() + 1024)
                      : HttpResponse.BodySubscribers.replacing(partial));
      int status = await(answer, from, deadline).statusCode();
      if (status != 200) {
        throw new DataException(from + ": expected status 200, got " + status);
      }
      check(partial, item, from);
      Files.move(
          partial,
          folder.resolve(item.name()),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  private HttpResponse<Path> await(
      CompletableFuture<HttpResponse<Path>> answer, URI from, long deadline) {
    try {
      return answer.get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new DataException(
          from + ": expected the file within " + timeLimit.toSeconds() + " s, got no end of it", e);
    } catch (ExecutionException e) {
      throw new DataException(from + ": expected the file, got " + e.getCause(), e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new DataException(from + ": the download was interrupted", e);
    }
  }

  /** Holds the unpacked content against the pinned size and hash. */
  private static void check(Path file, Item item, URI from) {
    MessageDigest digest = sha256();
    long bytes = 0;
    try (InputStream in =
        new DigestInputStream(new GZIPInputStream(Files.newInputStream(file), 1 << 16), digest)) {
      byte[] buffer = new byte[1 << 16];
      int read = in.read(buffer);
      while (read >= 0 && bytes <= item.unpackedBytes()) {
        bytes += read;
        read = in.read(buffer);
      }
    } catch (IOException e) {
      throw new DataException(from + ": expected gz data, got " + e.getMessage(), e);
    }
    String actual = HexFormat.of().formatHex(digest.digest());
    if (bytes != item.unpackedBytes() || !actual.equals(item.unpackedSha256())) {
      throw new DataException(
          "%s: expected %d bytes with SHA-256 %s when unpacked, got %d or more with %s"
              .formatted(from, item.unpackedBytes(), item.unpackedSha256(), bytes, actual));
    }
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) { // every JDK has it
      throw new AssertionError(e);
    }
  }
}

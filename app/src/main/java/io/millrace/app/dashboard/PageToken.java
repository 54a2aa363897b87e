package io.millrace.app.dashboard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/** The secret that opens the page. */
final class PageToken {
  private static final int BYTES = 32;
  private static final int MIN_CHARACTERS = 16;
  private static final int MAX_CHARACTERS = 1_000;

  private PageToken() {}

  /**
   * The token of a file, of the environment, or a new one of 256 bits where one is needed.
   *
   * @throws IllegalArgumentException if the given one is none
   */
  static Optional<String> of(Optional<Path> file, Optional<String> environment, boolean needed) {
    if (file.isPresent()) {
      return Optional.of(checked(read(file.get()), file.get().toString()));
    }
    if (environment.isPresent()) {
      return Optional.of(checked(environment.get(), "the token of the environment"));
    }
    return needed ? Optional.of(random()) : Optional.empty();
  }

  private static String read(Path file) {
    try {
      if (Files.size(file) > MAX_CHARACTERS) {
        throw new IllegalArgumentException(
            file + ": expected a token of at most " + MAX_CHARACTERS + " characters, got more");
      }
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          file + ": expected a file with a token that can be read, got none", e);
    }
  }

  /** Only characters that stand in a header and behind the # of an address as they are. */
  private static String checked(String text, String where) {
    String token = text.strip();
    if (!token.matches("[A-Za-z0-9._~-]{" + MIN_CHARACTERS + "," + MAX_CHARACTERS + "}")) {
      throw new IllegalArgumentException(
          where
              + ": expected at least "
              + MIN_CHARACTERS
              + " letters, digits, '.', '_', '~' and '-', got something else; try: openssl rand"
              + " -hex 32");
    }
    return token;
  }

  private static String random() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}

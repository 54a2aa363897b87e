package io.millrace.app.dashboard;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import io.millrace.app.http.Answer;
import io.millrace.app.http.Endpoint;
import io.millrace.app.http.HttpProblem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask what. On the loopback address, whoever is on this machine; but not a page of another
 * site in somebody's browser, neither under a name that was rebound to this address (by the header
 * Host) nor from its own (by Origin, and by a header that such a page may not send). Beyond it,
 * whoever has the token.
 */
final class Access {
  /** The header of every request that changes something. */
  static final String CHANGE_HEADER = "X-Millrace";

  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final Pattern PORT = Pattern.compile(":[0-9]{1,5}$");
  private static final String BEARER = "Bearer ";

  private final boolean loopback;
  private final Optional<byte[]> token;

  /**
   * Rules.
   *
   * @param loopback whether the server can be reached from this machine alone
   * @param token what every request must bring; empty for none
   */
  Access(boolean loopback, Optional<String> token) {
    if (!loopback && token.isEmpty()) {
      throw new IllegalArgumentException("beyond loopback: expected a token, got none");
    }
    this.loopback = loopback;
    this.token = token.map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  /** An endpoint that is open to whoever may see the page, which holds no secret. */
  Endpoint page(Endpoint endpoint) {
    return guarded(endpoint, false);
  }

  /** An endpoint for those alone who have the token. */
  Endpoint api(Endpoint endpoint) {
    return guarded(endpoint, true);
  }

  private Endpoint guarded(Endpoint endpoint, boolean withToken) {
    return new Endpoint() {
      @Override
      public Set<String> methods() {
        return endpoint.methods();
      }

      @Override
      public Answer answer(HttpExchange exchange) throws IOException, HttpProblem {
        Headers headers = exchange.getRequestHeaders();
        requireOwnHost(headers);
        if (withToken) {
          requireToken(headers);
        }
        if (exchange.getRequestMethod().equals("POST")) {
          requireOwnPage(headers);
        }
        return endpoint.answer(exchange);
      }
    };
  }

  private void requireOwnHost(Headers headers) throws HttpProblem {
    String host = headers.getFirst("Host");
    if (loopback && (host == null || !LOOPBACK.contains(name(host)))) {
      throw new HttpProblem(
          FORBIDDEN,
          "Host: expected localhost or 127.0.0.1, got another name; open the page by one of these,"
              + " or start it with --host");
    }
  }

  private void requireToken(Headers headers) throws HttpProblem {
    if (token.isPresent() && !isToken(headers.getFirst("Authorization"))) {
      throw new HttpProblem(
          UNAUTHORIZED,
          "Authorization: expected 'Bearer' and the token, got "
              + (headers.containsKey("Authorization") ? "another" : "none")
              + "; open the address that the dashboard printed",
          Map.of("WWW-Authenticate", "Bearer"));
    }
  }

  private boolean isToken(@Nullable String authorization) {
    return authorization != null
        && authorization.startsWith(BEARER)
        && MessageDigest.isEqual(
            token.orElseThrow(),
            authorization.substring(BEARER.length()).strip().getBytes(StandardCharsets.UTF_8));
  }

  private static void requireOwnPage(Headers headers) throws HttpProblem {
    String origin = headers.getFirst("Origin");
    String host = headers.getFirst("Host");
    // Programs send no Origin; browsers always do.
    if (origin != null
        && !origin.equalsIgnoreCase("http://" + host)
        && !origin.equalsIgnoreCase("https://" + host)) {
      throw new HttpProblem(FORBIDDEN, "Origin: expected this server's own, got another");
    }
    if (!headers.containsKey(CHANGE_HEADER)) {
      throw new HttpProblem(
          FORBIDDEN, CHANGE_HEADER + ": expected this header, got none; send '1'");
    }
  }

  private static String name(String host) {
    return PORT.matcher(host.toLowerCase(Locale.ROOT)).replaceFirst("");
  }
}

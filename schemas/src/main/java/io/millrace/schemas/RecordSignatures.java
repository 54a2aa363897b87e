package io.millrace.schemas;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Ed25519 signatures (RFC 8032) over the value of a record, byte for byte as it stands on the
 * topic. They travel in two headers of the record, so that signed and unsigned records have one
 * schema. A value begins with its schema's fingerprint: a signature for one kind of record is none
 * for another.
 */
public final class RecordSignatures {
  /** The header with the name of the key, UTF-8 text. */
  public static final String KEY_ID_HEADER = "millrace.key-id";

  /** The header with the signature's 64 bytes. */
  public static final String SIGNATURE_HEADER = "millrace.signature";

  private static final String ALGORITHM = "Ed25519";
  private static final Pattern PEM =
      Pattern.compile(
          "-----BEGIN (?<kind>[A-Z ]{1,40})-----(?<base64>[A-Za-z0-9+/=\\s]{1,4096})-----END [A-Z ]{1,40}-----");

  private RecordSignatures() {}

  /**
   * Who signs.
   *
   * @param keyId names the key to those who verify, so that keys can be changed
   */
  public record Signer(String keyId, PrivateKey key) {
    public Signer {
      requireEd25519("signing key " + keyId, key.getAlgorithm());
    }

    /** The signature of a value, 64 bytes. */
    public byte[] sign(byte[] value) {
      try {
        Signature signature = Signature.getInstance(ALGORITHM);
        signature.initSign(key);
        signature.update(value);
        return signature.sign();
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("signing key " + keyId + ": " + e.getMessage(), e);
      }
    }

    /** Never the key. */
    @Override
    public String toString() {
      return "Signer[" + keyId + "]";
    }
  }

  /**
   * The keys that are trusted, by their names. While a key is replaced, the old and the new one are
   * both here.
   */
  public record TrustedKeys(Map<String, PublicKey> keys) {
    public TrustedKeys {
      keys = Map.copyOf(new TreeMap<>(keys));
      keys.forEach((id, key) -> requireEd25519("trusted key " + id, key.getAlgorithm()));
    }

    /** Trusts whatever comes, signed or not. */
    public static TrustedKeys none() {
      return new TrustedKeys(Map.of());
    }

    /** Whether a signature is asked for: where there are keys. */
    public boolean required() {
      return !keys.isEmpty();
    }

    /**
     * Why a value is not to be trusted; empty if it is.
     *
     * @param keyId the record's header; null where there is none
     * @param signature the record's header; null where there is none
     */
    public Optional<String> problem(
        byte @Nullable [] keyId, byte @Nullable [] signature, byte[] value) {
      if (!required()) {
        return Optional.empty();
      }
      if (keyId == null || signature == null) {
        return Optional.of(
            "signature: expected one by " + new TreeMap<>(keys).keySet() + ", got none");
      }
      String id = printable(keyId);
      PublicKey key = keys.get(id);
      if (key == null) {
        return Optional.of(
            "signature: expected one by "
                + new TreeMap<>(keys).keySet()
                + ", got one by '"
                + id
                + "'; add its public key to the trusted ones if it is to count");
      }
      return verifies(key, signature, value)
          ? Optional.empty()
          : Optional.of("signature: it is not key '" + id + "'s for these bytes");
    }

    private static boolean verifies(PublicKey key, byte[] signature, byte[] value) {
      try {
        Signature verifier = Signature.getInstance(ALGORITHM);
        verifier.initVerify(key);
        verifier.update(value);
        return verifier.verify(signature);
      } catch (SignatureException | InvalidKeyException e) {
        // Bytes that are no signature at all, of another length say.
        return false;
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(ALGORITHM + ": expected in every JDK, got none", e);
      }
    }

    /** What stands in a header may be anything. */
    private static String printable(byte[] header) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < Math.min(header.length, 100); i++) {
        text.append(header[i] >= ' ' && header[i] < 0x7f ? (char) header[i] : '?');
      }
      return text.toString();
    }
  }

  /**
   * A private key as {@code openssl genpkey -algorithm ed25519} writes it.
   *
   * @throws IllegalArgumentException if the text is none; does not repeat it
   */
  public static PrivateKey privateKey(String pem) {
    try {
      return KeyFactory.getInstance(ALGORITHM)
          .generatePrivate(new PKCS8EncodedKeySpec(decode(pem, "PRIVATE KEY")));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("PEM: expected an Ed25519 PRIVATE KEY, got another", e);
    }
  }

  /**
   * A public key as {@code openssl pkey -pubout} writes it.
   *
   * @throws IllegalArgumentException if the text is none
   */
  public static PublicKey publicKey(String pem) {
    try {
      return KeyFactory.getInstance(ALGORITHM)
          .generatePublic(new X509EncodedKeySpec(decode(pem, "PUBLIC KEY")));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("PEM: expected an Ed25519 PUBLIC KEY, got another", e);
    }
  }

  private static byte[] decode(String pem, String kind) {
    Matcher matcher = PEM.matcher(pem);
    if (!matcher.find() || !matcher.group("kind").equals(kind)) {
      throw new IllegalArgumentException(
          "PEM: expected '-----BEGIN "
              + kind
              + "-----' and its end, got "
              + (matcher.hasMatch() ? "a " + matcher.group("kind") : "neither"));
    }
    return Base64.getMimeDecoder().decode(matcher.group("base64"));
  }

  private static void requireEd25519(String what, String algorithm) {
    if (!algorithm.equals(ALGORITHM) && !algorithm.equals("EdDSA")) {
      throw new IllegalArgumentException(what + ": expected Ed25519, got " + algorithm);
    }
  }
}

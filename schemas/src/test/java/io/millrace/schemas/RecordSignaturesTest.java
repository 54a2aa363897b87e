package io.millrace.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.schemas.RecordSignatures.Signer;
import io.millrace.schemas.RecordSignatures.TrustedKeys;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecordSignaturesTest {
  private static final byte[] VALUE = "a record".getBytes(StandardCharsets.UTF_8);

  // RFC 8032, section 7.1, test 2: the private key and what it makes of the byte 0x72.
  private static final String RFC_PRIVATE =
      """
      -----BEGIN PRIVATE KEY-----
      MC4CAQAwBQYDK2VwBCIEIEzNCJso/5banbbDRuwRTg9bijGfNaumJNqM9u1PuKb7
      -----END PRIVATE KEY-----
      """;

  private static KeyPair pair() throws NoSuchAlgorithmException {
    return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
  }

  private static byte[] id(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void acceptsTheSignatureOfEitherKeyWhileOneIsReplaced() throws NoSuchAlgorithmException {
    KeyPair before = pair();
    KeyPair after = pair();
    TrustedKeys keys = new TrustedKeys(Map.of("k1", before.getPublic(), "k2", after.getPublic()));
    byte[] first = new Signer("k1", before.getPrivate()).sign(VALUE);
    byte[] second = new Signer("k2", after.getPrivate()).sign(VALUE);
    assertEquals(Optional.empty(), keys.problem(id("k1"), first, VALUE));
    assertEquals(Optional.empty(), keys.problem(id("k2"), second, VALUE));
    assertTrue(keys.problem(id("k2"), first, VALUE).isPresent());
  }

  @Test
  void refusesEveryChangedBitOfValueAndSignature() throws NoSuchAlgorithmException {
    KeyPair pair = pair();
    TrustedKeys keys = new TrustedKeys(Map.of("k", pair.getPublic()));
    byte[] signature = new Signer("k", pair.getPrivate()).sign(VALUE);
    for (int bit = 0; bit < 8 * signature.length; bit++) {
      byte[] changed = signature.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertTrue(keys.problem(id("k"), changed, VALUE).isPresent(), "signature bit " + bit);
    }
    for (int bit = 0; bit < 8 * VALUE.length; bit++) {
      byte[] changed = VALUE.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertTrue(keys.problem(id("k"), signature, changed).isPresent(), "value bit " + bit);
    }
    assertTrue(keys.problem(id("k"), new byte[3], VALUE).isPresent());
  }

  @Test
  void saysWhichKeysAreTrusted() throws NoSuchAlgorithmException {
    TrustedKeys keys = new TrustedKeys(Map.of("k", pair().getPublic()));
    assertEquals(
        "signature: expected one by [k], got none", keys.problem(null, null, VALUE).orElseThrow());
    String problem = keys.problem(id("mal\nlory"), new byte[64], VALUE).orElseThrow();
    assertTrue(problem.contains("got one by 'mal?lory'"), problem);
  }

  @Test
  void trustsAllWhereNoKeyIsGiven() {
    assertFalse(TrustedKeys.none().required());
    assertEquals(Optional.empty(), TrustedKeys.none().problem(null, null, VALUE));
  }

  @Test
  void readsAKeyOfOpenssl() {
    Signer signer = new Signer("rfc", RecordSignatures.privateKey(RFC_PRIVATE));
    assertEquals(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        HexFormat.of().formatHex(signer.sign(new byte[] {0x72})));
    assertEquals("Signer[rfc]", signer.toString());
  }

  @Test
  void refusesWhatIsNoKeyWithoutRepeatingIt() {
    assertThrows(IllegalArgumentException.class, () -> RecordSignatures.publicKey(RFC_PRIVATE));
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> RecordSignatures.privateKey("secret"));
    assertFalse(String.valueOf(error.getMessage()).contains("secret"));
  }
}

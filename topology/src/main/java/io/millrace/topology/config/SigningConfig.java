package io.millrace.topology.config;

import io.millrace.schemas.RecordSignatures.Signer;
import io.millrace.schemas.RecordSignatures.TrustedKeys;
import java.util.Optional;

/**
 * Who a learner is to others, and whom it obeys.
 *
 * @param signer signs manifests and aliases; empty to publish unsigned
 * @param commandKeys commands must be signed by one of these; without any, whoever may write to the
 *     control topic is obeyed
 */
public record SigningConfig(Optional<Signer> signer, TrustedKeys commandKeys) {

  public static SigningConfig none() {
    return new SigningConfig(Optional.empty(), TrustedKeys.none());
  }
}

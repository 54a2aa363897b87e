package io.millrace.app.dashboard;

import io.millrace.schemas.RecordSignatures.Signer;
import io.millrace.schemas.RecordSignatures.TrustedKeys;
import io.millrace.serving.ModelSelection;
import io.millrace.topology.config.LearnerConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * What a page shows and who may see it.
 *
 * @param config the learner: its model, its topics, its cluster
 * @param known whether a learner runs with this very configuration; else the network is that of the
 *     newest snapshot
 * @param address where to listen; port 0 for any that is free
 * @param token what requests must bring; needed beyond loopback
 * @param selection which version predicts
 * @param trustedKeys whose snapshots predict; none for anybody's
 * @param signer signs commands
 * @param readOnly whether the page may give no commands
 */
public record DashboardSettings(
    LearnerConfig config,
    boolean known,
    InetSocketAddress address,
    Optional<String> token,
    ModelSelection selection,
    TrustedKeys trustedKeys,
    Optional<Signer> signer,
    boolean readOnly) {

  /** A page on this machine alone, with commands that are not signed. */
  public static DashboardSettings local(LearnerConfig config, int port) {
    return new DashboardSettings(
        config,
        true,
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
        Optional.empty(),
        new ModelSelection.Newest(),
        TrustedKeys.none(),
        Optional.empty(),
        false);
  }
}

package io.millrace.tests.faults;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Makes the faults of a schedule happen. */
final class Injector {

  /** Steps after which a trap that the learner has not come to is given up. */
  private static final int TRAP_STEPS = 100;

  private static final int SOME_STEPS = 10;
  private static final long PAST_SESSION_MS = 1_500;
  private static final long PAST_TRANSACTION_MS = 4_500;
  private static final long BROKER_DOWN_MS = 1_500;
  private static final long DISK_FULL_MS = 6_000;
  private static final String NO_SPACE = "No space left on device";
  private static final long[] CLOCK_SECONDS = {3_600, -3_600, 20, -20, 86_400 * 30, -86_400 * 30};

  private final Scenario scenario;
  private final Scene scene;
  private final Instances instances;
  private final Brokers brokers;
  private final Place place;
  private int trades;

  Injector(Scenario scenario, Scene scene, Brokers brokers, Place place) {
    this.scenario = scenario;
    this.scene = scene;
    this.instances = scene.instances();
    this.brokers = brokers;
    this.place = place;
  }

  /**
   * Starts what has to run for the fault to strike, and returns when it is over.
   *
   * @return the kind that struck: a learner that does not come to its trap, say because there is
   *     nothing to restore yet, is killed wherever it is
   */
  FaultKind strike(Fault fault) {
    if (fault.trap().isPresent() && instances.isRunning(0)) {
      instances.stop(0);
    }
    for (int number = 0; number < scenario.instances(); number++) {
      if (!instances.isRunning(number)) {
        instances.start(number, fault.trap());
      }
    }
    switch (fault.kind()) {
      case KILL -> killAfterSteps(fault);
      case KILL_STARTING -> {
        Pause.ofMs(fault.delayMs());
        instances.kill(0);
      }
      case KILL_IN_STEP,
          KILL_IN_SNAPSHOT,
          KILL_IN_FLUSH,
          KILL_AFTER_FLUSH,
          KILL_BEFORE_COMMIT,
          KILL_AFTER_COMMIT,
          KILL_IN_RESTORE,
          KILL_IN_REBALANCE -> {
        boolean reached = awaitTrap();
        instances.kill(0);
        return reached ? fault.kind() : FaultKind.KILL;
      }
      case BROKER_KILL, BROKER_STOP, BROKER_AND_LEARNER_KILL -> breakBroker(fault);
      case ZOMBIE -> makeZombie(fault);
      case STATE_DELETED -> {
        killAfterSteps(fault);
        instances.deleteState(0);
      }
      case DISK_FULL -> fillDisk(fault);
      case TRADE -> trade(fault);
      case NETWORK_CUT -> cutNetwork(fault);
      case SLOW_STEP -> {
        awaitTrap();
        scene.awaitMoreSteps(SOME_STEPS);
      }
      case CLOCK_JUMP -> moveClock(fault);
      case TRANSACTION_TIMEOUT -> outlastTransaction();
    }
    return fault.kind();
  }

  private void awaitSteps(Fault fault) {
    scene.awaitMoreSteps(fault.steps());
    Pause.ofMs(fault.delayMs());
  }

  private void killAfterSteps(Fault fault) {
    awaitSteps(fault);
    instances.kill(0);
  }

  /** True once the learner is in its trap, false once it has learned too much to come to it. */
  private boolean awaitTrap() {
    AtomicBoolean reached = new AtomicBoolean();
    long end = scene.steps().newest() + TRAP_STEPS;
    FaultRun.await(
        scene.steps()::newest,
        () -> {
          reached.set(instances.get(0).nextMark().isPresent());
          return reached.get() || scene.steps().newest() >= end;
        },
        scene::check,
        "trap of " + instances.name());
    return reached.get();
  }

  private void breakBroker(Fault fault) {
    awaitSteps(fault);
    int node = 1 + fault.choice() % brokers.count();
    if (fault.kind() == FaultKind.BROKER_STOP) {
      brokers.stop(node);
    } else {
      brokers.kill(node);
    }
    if (fault.kind() == FaultKind.BROKER_AND_LEARNER_KILL) {
      instances.kill(0);
      instances.start(0, Optional.empty());
    }
    Pause.ofMs(BROKER_DOWN_MS);
    brokers.restart(node);
    brokers.awaitInSync();
    scene.awaitMoreSteps(1);
  }

  /**
   * The group gives up on a learner that does not know it has slept. In one variant nobody takes
   * over; in the others somebody does, and either the sleeper goes on alone afterwards or it dies
   * while it finds out.
   */
  private void makeZombie(Fault fault) {
    awaitSteps(fault);
    instances.get(0).suspend();
    int variant = fault.choice() % 3;
    if (variant == 0) {
      Pause.ofMs(scenario.workload().sessionTimeout().toMillis() + PAST_SESSION_MS);
      instances.get(0).resume();
      scene.awaitMoreSteps(SOME_STEPS);
      return;
    }
    instances.start(1, Optional.empty());
    scene.awaitMoreSteps(SOME_STEPS);
    instances.get(0).resume();
    if (variant == 1) {
      scene.awaitMoreSteps(2 * SOME_STEPS);
      instances.kill(1);
    } else {
      Pause.ofMs(fault.delayMs());
      instances.kill(0);
      scene.awaitMoreSteps(SOME_STEPS);
      instances.stop(1);
      instances.start(0, Optional.empty());
    }
    scene.awaitMoreSteps(SOME_STEPS);
  }

  private void trade(Fault fault) {
    awaitSteps(fault);
    int number = trades++ % 2;
    instances.kill(number);
    instances.start(number, Optional.empty());
  }

  /** The broker aborts the transaction of a learner whose session still lasts. */
  private void outlastTransaction() {
    awaitTrap();
    instances.get(0).suspend();
    Pause.ofMs(PAST_TRANSACTION_MS);
    instances.get(0).resume();
    scene.awaitMoreSteps(SOME_STEPS);
  }

  private void moveClock(Fault fault) {
    MovableClock clock = (MovableClock) place;
    awaitSteps(fault);
    clock.moveTo(CLOCK_SECONDS[fault.choice() % CLOCK_SECONDS.length]);
    scene.awaitMoreSteps(4 * SOME_STEPS);
  }

  /** Shorter than the session in one variant, longer in the other. */
  private void cutNetwork(Fault fault) {
    SeveredNetwork network = (SeveredNetwork) place;
    awaitSteps(fault);
    network.cut();
    long sessionMs = scenario.workload().sessionTimeout().toMillis();
    Pause.ofMs(fault.choice() % 2 == 0 ? sessionMs / 2 : sessionMs + PAST_SESSION_MS);
    network.join();
    scene.awaitMoreSteps(SOME_STEPS);
  }

  /** The disk fills up under a learner at work; in one variant it has to start on the full disk. */
  private void fillDisk(Fault fault) {
    SmallDisk disk = (SmallDisk) place;
    awaitSteps(fault);
    disk.fill();
    if (fault.choice() % 2 == 0) {
      instances.kill(0);
      instances.start(0, Optional.empty());
    }
    Pause.ofMs(DISK_FULL_MS);
    if (!instances.get(0).isAlive() && !instances.logText(0).contains(NO_SPACE)) {
      throw new AssertionError("expected '" + NO_SPACE + "', got " + instances.get(0).tail());
    }
    disk.free();
    scene.awaitMoreSteps(SOME_STEPS);
  }
}

import CLinux
import Glibc

/// systemd, or another that started the program with NOTIFY_SOCKET and waits to hear how it is. Without one nothing is sent.
package enum ServiceManager {
  private static let address = Environment.value(of: "NOTIFY_SOCKET")

  /// How long a message that matters waits while the manager's queue of ten is full.
  private static let patience = Duration.seconds(5)

  /// Not ready yet, and why; two more minutes, please.
  package static func tellStarting(_ status: String) {
    tell("STATUS=Starting: \(status)\nEXTEND_TIMEOUT_USEC=120000000", matters: false)
  }

  package static func tellReady() { tell("READY=1\nSTATUS=Taking events", matters: true) }

  /// For WatchdogSec; to be called more often than that.
  package static func tellAlive() { tell("WATCHDOG=1", matters: false) }

  package static func tellStopping() {
    tell("STOPPING=1\nSTATUS=Delivering what was read", matters: true)
  }

  private static func tell(_ state: String, matters: Bool) {
    guard let address else { return }
    let clock = SystemClock()
    let last = clock.now() + patience
    while unsafe clinux_notify(address, state) != 0 {
      let failure = SystemError.last("send to NOTIFY_SOCKET \(address)")
      guard matters else { return }
      guard failure.code == EAGAIN, clock.now() < last else {
        Log.warning(
          "The service manager could not be told: \(failure). It may take the agent for hung and restart it; no event is lost by that."
        )
        return
      }
      PosixThread.sleep(.milliseconds(10))
    }
  }
}

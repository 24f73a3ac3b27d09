import CLinux

/// systemd, or another that started the program with NOTIFY_SOCKET and waits to hear how it is. Without one nothing is sent.
package enum ServiceManager {
  private static let address = Environment.value(of: "NOTIFY_SOCKET")

  /// Not ready yet, and why; two more minutes, please.
  package static func tellStarting(_ status: String) {
    tell("STATUS=Starting: \(status)\nEXTEND_TIMEOUT_USEC=120000000", warns: false)
  }

  package static func tellReady() { tell("READY=1\nSTATUS=Taking events") }

  /// For WatchdogSec; to be called more often than that.
  package static func tellAlive() { tell("WATCHDOG=1", warns: false) }

  package static func tellStopping() { tell("STOPPING=1\nSTATUS=Delivering what was read") }

  private static func tell(_ state: String, warns: Bool = true) {
    guard let address, unsafe clinux_notify(address, state) != 0, warns else { return }
    let failure = SystemError.last("send to NOTIFY_SOCKET \(address)")
    Log.warning(
      "The service manager could not be told: \(failure). It may take the agent for hung and restart it; no event is lost by that."
    )
  }
}

/// Why an intake can not start.
package enum IntakeError: Error, Equatable, CustomStringConvertible {
  case cannotListen(setting: String, address: String, cause: SystemError)
  case system(SystemError)
  case webhookNotStarted(address: String)
  case tls(TlsError)
  case budgetTooSmall(givenBytes: Int, neededBytes: Int)

  package var description: String {
    switch self {
    case .cannotListen(let setting, let address, let cause):
      """
      Can not listen on \(address) (\(setting)): \(SystemError.text(of: cause.code)). No event was taken in. \
      Stop the program that holds the port, or set \(setting) to a free one.
      """
    case .system(let cause):
      "The intake can not start: \(cause). No event was taken in. Start the agent again."
    case .webhookNotStarted(let address):
      """
      The HTTP server for \(address) (inputs.webhook.listen) does not start, mostly for want of memory or file \
      descriptors. No event was taken in. Raise the limits (ulimit -n) and start again.
      """
    case .tls(let cause):
      cause.description
    case .budgetTooSmall(let given, let needed):
      """
      inputs.budget gives each intake thread \(given) bytes, but one line and one read, and with inputs.webhook.hmac a signed body, need \
      \(needed). No event was taken in. Raise inputs.budget, or lower inputs.tcp.line_max or inputs.webhook.signed_body_max.
      """
    }
  }
}

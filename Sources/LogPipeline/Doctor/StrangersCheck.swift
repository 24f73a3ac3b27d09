/// Whether senders speak another protocol to the TCP port than JSON lines: what they send is not taken.
package struct StrangersCheck: DoctorCheck {
  package static let name = "senders"

  private let agent: RunningAgent
  private let listen: String
  private let webhook: String?

  /// Where TCP and the webhook listen.
  package init(_ agent: RunningAgent, listen: String, webhook: String?) {
    (self.agent, self.listen, self.webhook) = (agent, listen, webhook)
  }

  package func run() -> [DoctorFinding] {
    Self.judge(agent, listen: listen, webhook: webhook)
  }

  package static func judge(
    _ agent: RunningAgent, listen: String, webhook: String?
  ) -> [DoctorFinding] {
    guard let status = agent.status else { return [.skipped(name, agent.shortAbsence)] }
    let counts = status["input"]?["tcp_strangers_total"]?.members ?? []
    let found = counts.filter { ($0.value.integer ?? 0) > 0 }
    if found.isEmpty {
      return [.ok(name, "since its start the agent met only JSON lines at \(listen)")]
    }
    return found.map { protocolName, count in
      let times = TextAmount.counted(UInt64(clamping: count.integer ?? 0), "connection")
      return .warning(
        name, "\(times) to \(listen) spoke \(protocolName), not JSON lines.",
        "The agent's log names each sender: \"speaks \(protocolName) to the JSON lines port\".",
        meanwhile: consequence(protocolName), remedy: remedy(protocolName, listen, webhook),
        type: commands(protocolName, webhook))
    }
  }

  private static func consequence(_ protocolName: String) -> String {
    "Nothing of it was taken or counted. "
      + (protocolName == "HTTP"
        ? "The sender got HTTP 400 and was told where to send."
        : "The sender's connection was closed; Beats keep their events and try for ever.")
  }

  private static func remedy(
    _ protocolName: String, _ listen: String, _ webhook: String?
  ) -> String {
    switch protocolName {
    case "HTTP":
      webhook == nil
        ? "Set inputs.webhook.listen and send HTTP there."
        : "Send HTTP to the webhook in place of \(listen). It works when this answers "
          + "{\"accepted\":1,...}:"
    case "Beats":
      "Filebeat's output.logstash can not be used: let the agent follow the files itself "
        + "(inputs.follow.paths), or send JSON lines over TCP."
    default:
      "Turn TLS off in the sender, or give the port a certificate: inputs.tls.cert and "
        + "inputs.tls.key."
    }
  }

  private static func commands(_ protocolName: String, _ webhook: String?) -> [String] {
    guard protocolName == "HTTP", let webhook else { return [] }
    return ["curl -sS http://\(webhook)/v1/events --data '{\"model\":\"gpt-5.4\"}'"]
  }
}

/// What the admin page shows of the inputs and of their certificate.
struct AgentInputStatus {
  /// All together.
  private let input: IntakeSnapshot
  private let threads: [IntakeSnapshot]
  /// nil: no input uses TLS.
  private let certificate: TlsSnapshot?
  private let refusedUnwritten: UInt64

  /// `threads`: of each intake.
  init(threads: [IntakeSnapshot], certificate: TlsSnapshot?, refusedUnwritten: UInt64) {
    input = IntakeSnapshot.sum(threads)
    (self.threads, self.certificate) = (threads, certificate)
    self.refusedUnwritten = refusedUnwritten
  }

  var sections: [StatusSection] { [section] + (certificate.map { [section(of: $0)] } ?? []) }

  private var section: StatusSection {
    let reasons = zip(Refusal.Reason.allCases, input.refusedByReason).map { ($0.rawValue, $1) }
    return StatusSection(
      "input", state: input.isPaused ? "paused: the ring has no room" : "open",
      metrics: [
        .counter("refused", "Frames that were not taken, by reason.", by: "reason", reasons),
        .counter(
          "refused_unwritten", "Refused frames that did not get into refused.ndjson.",
          refusedUnwritten),
        .counter("pauses", "Times reading stopped because the ring had no room.", input.pauses),
        .gauge("partial_bytes", "Unfinished lines and bodies in memory.", input.partialBytes),
        .counter("tcp_bytes", "Bytes read over TCP.", input.tcpBytes),
        .gauge("tcp_connections", "Open TCP connections.", input.tcpConnectionsOpen),
        .counter("tcp_accepted", "TCP connections accepted.", input.tcpConnectionsTotal),
        .counter(
          "tcp_closed", "TCP connections closed by a limit, by which.", by: "limit",
          [
            ("connections", input.tcpOverLimit), ("per_address", input.tcpOverAddressLimit),
            ("protocol", input.tcpWrongProtocol), ("idle", input.tcpIdleClosed),
            ("budget", input.tcpStalled),
          ]),
        .counter(
          "tcp_strangers", "TCP connections that spoke another protocol, by which.",
          by: "protocol",
          zip(ProtocolSniffer.Stranger.allCases, input.tcpStrangers).map { ($0.rawValue, $1) }),
        .counter(
          "tcp_tls_handshakes", "TLS handshakes over TCP, by result.", by: "result",
          input.tcpTls.handshakes),
        .gauge(
          "tcp_tls_handshakes_pending", "TLS handshakes over TCP under way.", input.tcpTls.pending),
        .counter(
          "tcp_tls_waits", "Times new TCP senders waited for others' handshakes.",
          input.tcpTls.overLimit),
        .counter(
          "tcp_tls_broken", "TCP connections whose TLS broke after the handshake.",
          input.tcpTls.broken),
        .counter(
          "tcp_tls_renegotiations", "Second handshakes refused.", input.tcpTls.renegotiations),
        .counter("webhook_bytes", "Bytes of webhook bodies read.", input.webhookBytes),
        .gauge("webhook_connections", "Open webhook connections.", input.webhookConnectionsOpen),
        .counter(
          "webhook_tls_handshakes", "TLS handshakes at the webhook, by result.", by: "result",
          input.webhookTls.handshakes),
        .gauge(
          "webhook_tls_handshakes_pending", "TLS handshakes at the webhook under way.",
          input.webhookTls.pending),
        .counter(
          "webhook_tls_over_limit", "Webhook connections closed for too many handshakes under way.",
          input.webhookTls.overLimit),
        .counter(
          "webhook_certificates_refused", "Requests without a client certificate that counts.",
          input.webhookCertificatesRefused),
      ] + webhookMetrics + input.streamMetrics + threadMetrics,
      tables: [
        table("tcp_top_addresses", by: "address", input.tcpAddresses),
        table("tcp_top_connections", by: "peer", input.tcpSenders),
      ])
  }

  /// How evenly the kernel deals the senders out.
  private var threadMetrics: [Metric] {
    let names = threads.indices.map { "\($0 + 1)" }
    return [
      .counter(
        "thread_frames", "Frames found, by intake thread.", by: "thread",
        Array(zip(names, threads.map(\.offered)))),
      .gauge(
        "thread_connections", "Open connections, by intake thread.", by: "thread",
        Array(
          zip(names, threads.map { Double($0.tcpConnectionsOpen + $0.webhookConnectionsOpen) }))),
    ]
  }

  private var webhookMetrics: [Metric] {
    let answers = input.webhookAnswers.sorted { $0.key < $1.key }.map { ("\($0.key)", $0.value) }
    let faults = zip(WebhookFault.allCases, input.webhookFaults).map { ($0.rawValue, $1) }
    return [
      .counter(
        "webhook_connections_full", "Times all webhook connections were taken.",
        input.webhookAtLimit),
      .counter(
        "webhook_closed", "Webhook connections closed before their answer, by why.", by: "limit",
        [
          ("per_address", input.webhookOverAddressLimit),
          ("header_time", input.webhookSlowHeaders),
          ("body_rate", input.webhookSlowBodies), ("idle", input.webhookIdleClosed),
          ("budget", input.webhookStalled), ("discard_max", input.webhookEndless),
          ("cut_head", input.webhookCutHeads), ("abandoned", input.webhookAbandoned),
        ]),
      .counter("webhook_answers", "Webhook answers, by status.", by: "status", answers),
      .counter(
        "webhook_faults", "Webhook answers other than 200, by why.", by: "reason", faults),
      .counter(
        "webhook_budget_waits", "Times a webhook body waited for others that held the budget.",
        input.webhookBudgetWaits),
      .counter(
        "spans_passed_over", "Spans that are no calls of models and were not stored.",
        input.spansPassedOver),
      .counter(
        "webhook_duplicates", "Signed requests that came before and were not taken again.",
        input.webhookDuplicates),
      .counter(
        "webhook_ids_reused", "Requests whose webhook-id came before with another body; taken.",
        input.webhookIdsReused),
      .gauge("webhook_ids", "Webhook-ids remembered.", input.webhookIds),
    ]
  }

  private func table(
    _ name: String, by rowName: String, _ senders: [SenderFigures]
  ) -> StatusSection.Table {
    StatusSection.Table(
      name, by: rowName,
      senders.prefix(SenderFigures.shownMax).map { sender in
        StatusSection.Table.Row(
          sender.name,
          [
            .init("open", sender.connections), .init("bytes", sender.bytes),
            .init("taken", sender.taken), .init("refused", sender.refused),
          ])
      })
  }

  private func section(of certificate: TlsSnapshot) -> StatusSection {
    let isOver = certificate.secondsLeft <= 0
    let state =
      certificate.trouble.map { "the newest files are not used: \($0)" }
      ?? (isOver ? "the certificate has ended" : "the certificate counts")
    return StatusSection(
      "tls", state: state, texts: [StatusSection.Text("subject", certificate.subject)],
      metrics: [
        .gauge(
          "certificate_left_seconds", "Until the inputs' certificate ends; below 0: since.",
          Double(certificate.secondsLeft)),
        .counter("renewals", "Times a changed certificate was taken.", certificate.renewals),
        .counter(
          "renewals_failed", "Times a changed certificate could not be used.",
          certificate.renewalsFailed),
      ])
  }
}

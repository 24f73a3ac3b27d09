import LogPipeline
import Testing

/// Goal: `top` reads well in 80 and in 200 columns, with and without colours, and never passes the terminal's width.
/// Method: two statuses a second apart, in the form the admin page gives them, against whole pictures.
@Suite struct TopViewTests {
  private func status(second: Bool) throws -> JsonValue {
    let (accepted, delivered, bytes, taken) =
      second ? (12_410, 12_000, 512_000, 4_100) : (12_000, 11_600, 0, 4_000)
    return try JsonValue.parse(
      """
      {"agent":"relay-1","version":"0.1.0","uptime_seconds":\(second ? 7265 : 7264),"ready":true,
       "not_ready_because":[],
       "ledger":{"offered":12412,"accepted":\(accepted),"refused":2,"in_hand":0,"delivered":\(delivered),
         "duplicate":0,"dead_lettered":0,"dropped":0,"quarantined":0,"erased":0,"waiting":\(accepted - delivered)},
       "ring":{"state":"open","size_bytes":1073741824,"used_bytes":128849018,"oldest_event_age_seconds":3.4,
         "sync_p99_seconds":0.0042},
       "delivery":{"state":"ok","wire_bytes_total":\(bytes / 4),"retried_items_total":{"429":0}},
       "input":{"state":"open","refused_total":{"not_json":2,"too_deep":0},"tcp_bytes_total":\(bytes),
         "webhook_bytes_total":0,"tcp_connections":2,"webhook_connections":1,"streams":0,
         "tcp_top_addresses":[{"address":"127.0.0.1","open":2,"bytes":\(bytes),"taken":\(taken),"refused":2}]},
       "events":{"cost_status_total":{"priced":12000,"unpriced":30}},
       "usage":{"window_seconds":83,"by_team_and_model":[
         {"team":"engineering","model":"claude-sonnet-4.5","calls":1660,"errors":2,"tokens":2490000,
          "cost_pico_usd":23000000000000,"unpriced":0,"mean_latency_ms":812},
         {"team":"a-team-with-a-name-of-forty-letters-in-it","model":"gpt-5.4-mini-2026-03-17-preview-of-everything",
          "calls":83,"errors":9,"tokens":1000,"cost_pico_usd":41500000000,"unpriced":0,"mean_latency_ms":45},
         {"team":"","model":"house-tuned-7b","calls":8,"errors":0,"tokens":900,"cost_pico_usd":0,"unpriced":8}]}}
      """)
  }

  private func view(columns: Int, style: TextStyle = .plain) throws -> TopView {
    TopView(
      try status(second: true), before: try status(second: false), columns: columns, style: style,
      now: 1_795_273_200_000)
  }

  @Test(arguments: [80, 200])
  func `the whole picture`(columns: Int) throws {
    try ViewFixture.expect(view(columns: columns).lines(), named: "top-\(columns)")
  }

  @Test(arguments: [40, 80, 81, 120, 200])
  func `no line passes the terminal`(columns: Int) throws {
    for line in try view(columns: columns).lines() {
      #expect(line.count <= max(80, columns), "\(line)")
      #expect(!line.contains("\u{1B}"))
    }
  }

  @Test func `colours mark, and the words under them are the same`() throws {
    let colored = try view(columns: 80, style: TextStyle(usesColor: true)).lines()
    #expect(colored.contains { $0.contains("\u{1B}[1;31m") })
    let bare = colored.map { line in
      var text = line
      for code in ["1", "1;31", "1;33", "32", "0"] {
        text = text.replacing("\u{1B}[\(code)m", with: "")
      }
      return text
    }
    #expect(bare == (try view(columns: 80).lines()))
  }

  @Test func `a low terminal gets the head and as many rows as fit`() throws {
    let lines = try view(columns: 80).lines(rows: 14)
    #expect(lines.count <= 14)
    #expect(lines[1].hasPrefix("Lost: nothing."))
    #expect(
      lines.contains { $0.contains("more)") } || lines.contains { $0.contains("house-tuned") })
  }
}

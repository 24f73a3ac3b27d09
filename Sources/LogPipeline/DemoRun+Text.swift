extension DemoRun.Outcome {
  /// What a newcomer reads, at most 80 columns wide but for paths.
  package var text: String {
    let total = tcpCount + webhookCount
    var lines = [
      "Sent \(total) sample events: \(tcpCount) over TCP, \(webhookCount) to the webhook.",
      "Accepted and fsynced: \(ledger.accepted). Refused: \(ledger.refused). "
        + "In the archive: \(ledger.delivered). Lost: \(ledger.accepted - ledger.delivered - ledger.duplicate).",
      "", report.text, "The events, typed, priced and redacted (zcat FILE | head -1):",
    ]
    lines += archiveFiles.map { "  \($0)" }
    lines += [
      "",
      "Next: point a relay at it, and give it an Elasticsearch (without one: daily",
      "files, as here).",
      "  sheepshipper run --set agent.state_dir=$HOME/sheepshipper \\",
      "    --set elasticsearch.hosts=https://HOST:9200",
      "  sheepshipper help run; sheepshipper help settings",
      "", "Done in \(Self.seconds(seconds)) s.",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  package var json: JsonValue {
    .object([
      ("sent", .integer(Int64(tcpCount + webhookCount))),
      ("accepted", .integer(Int64(ledger.accepted))),
      ("refused", .integer(Int64(ledger.refused))),
      ("delivered", .integer(Int64(ledger.delivered))),
      ("files", .array(archiveFiles.map(JsonValue.string))), ("report", report.json),
      ("seconds", .number(seconds)),
    ])
  }

  private static func seconds(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}

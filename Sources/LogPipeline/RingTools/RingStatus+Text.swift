/// The screen of `ring status`: 80 columns, no colours.
extension RingStatus {
  private static let barWidth = 30
  private static let indent = 10

  package var text: String {
    var text = Self.row("ring", path, wraps: false)
    text += Self.row("state", state)
    text += Self.row("space", space, wraps: false)
    text += Self.row("waiting", waitingText)
    if let since = consumers.first?.oldestMilliseconds, waits {
      text += Self.row(
        "since", "\(TextAmount.moment(since)), \(TextAmount.span(seconds: age(since))) ago")
    }
    text += Self.row("lasts", lasts)
    for (index, consumer) in consumers.enumerated() {
      for (line, words) in Self.lines(of: consumer).enumerated() {
        text += Self.row(index == 0 && line == 0 ? "for" : "", words)
      }
    }
    return text + Self.row("ledger", ledgerText)
  }

  private var waits: Bool { (consumers.first?.waiting ?? 0) > 0 }

  private func age(_ since: UInt64) -> UInt64 {
    (nowMilliseconds - min(nowMilliseconds, since)) / 1000
  }

  private var state: String {
    let opened = "opened \(TextAmount.counted(UInt64(openings), "time"))"
    if isInUse { return "in use by a running agent; \(opened)" }
    let torn = isTailTorn ? "; its last write was cut short, nothing in that was accepted" : ""
    return "no agent runs; \(wasClosedCleanly ? "" : "not ")closed in order\(torn); \(opened)"
  }

  private var space: String {
    let total = usedBytes + freeBytes + reserveBytes
    let share = total == 0 ? 0 : Double(usedBytes) / Double(total)
    let filled = usedBytes == 0 ? 0 : max(1, Int(share * Double(Self.barWidth)))
    let bar =
      String(repeating: "#", count: min(filled, Self.barWidth))
      + String(repeating: "-", count: Self.barWidth - min(filled, Self.barWidth))
    return "[\(bar)] \(Int(share * 100)) %, \(TextAmount.bytes(freeBytes)) free of "
      + TextAmount.bytes(sizeBytes)
  }

  private var waitingText: String {
    guard waits else { return "nothing" }
    let events = TextAmount.counted(consumers.first?.waiting ?? 0, "event")
    return "\(events) in \(TextAmount.counted(groups, "group")); "
      + "\(TextAmount.bytes(rawBytes)) raw, \(TextAmount.bytes(storedBytes)) on disk"
  }

  private var lasts: String {
    guard let seconds = secondsLeft else {
      return "idle: nothing came in the last minute that still waits"
    }
    let rate = "at \(TextAmount.bytes(bytesPerSecond))/s"
    if freeBytes == 0 { return "full: senders wait until events are delivered" }
    return seconds > 400 * 86_400
      ? "over a year \(rate): it does not fill"
      : "\(TextAmount.span(seconds: seconds)) \(rate), if nothing is delivered meanwhile"
  }

  private static func lines(of consumer: Consumer) -> [String] {
    let record = consumer.record
    let counts = counts(of: record).map { "\($0.0) \(TextAmount.count($0.1))" }
    return [
      "\(record.name): \(TextAmount.counted(consumer.waiting, "event")) from "
        + "\(TextAmount.count(record.sequence)) on",
      counts[..<3].joined(separator: ", ") + ",", counts[3...].joined(separator: ", "),
    ]
  }

  private static func counts(of record: ConsumerRecord) -> [(String, UInt64)] {
    [
      ("delivered", record.delivered), ("duplicate", record.duplicate),
      ("dead-lettered", record.deadLettered), ("quarantined", record.quarantined),
      ("dropped", record.dropped), ("erased", record.erased),
    ]
  }

  private var ledgerText: String {
    guard let first = consumers.first else { return "" }
    let settled = Self.counts(of: first.record).reduce(0) { $0 + $1.1 }
    var text =
      "accepted \(TextAmount.count(accepted)) = settled \(TextAmount.count(settled)) + waiting "
      + "\(TextAmount.count(first.waiting)); "
    if unreadable > 0 {
      text +=
        "at least \(TextAmount.count(unreadable)) of them can not be read: sheepshipper ring verify says why; "
    }
    text +=
      isBalanced
      ? "the log holds as many: the sum is right"
      : "but the log holds \(TextAmount.count(first.found + unreadable)) that wait: the sum is wrong, "
        + "please report it with the output of sheepshipper ring verify"
    return text + (refused > 0 ? "; refused \(TextAmount.count(refused))" : "")
  }

  private static func row(_ name: String, _ text: String, wraps: Bool = true) -> String {
    let padded = name + String(repeating: " ", count: indent - name.count)
    return wraps
      ? padded + TextLayout.wrapped(text, indent: indent).dropFirst(indent) : padded + text + "\n"
  }
}

extension RingStatus {
  package var json: JsonValue {
    func number(_ value: UInt64?) -> JsonValue {
      value.map { .integer(Int64(clamping: $0)) } ?? .null
    }
    let consumers = consumers.map { consumer -> JsonValue in
      let record = consumer.record
      return .object([
        ("name", .string(record.name)), ("cursor", number(record.sequence)),
        ("waiting", number(consumer.waiting)), ("found", number(consumer.found)),
        ("oldest_ms", number(consumer.oldestMilliseconds)), ("delivered", number(record.delivered)),
        ("duplicate", number(record.duplicate)), ("dead_lettered", number(record.deadLettered)),
        ("quarantined", number(record.quarantined)), ("dropped", number(record.dropped)),
        ("erased", number(record.erased)),
      ])
    }
    return .object([
      ("path", .string(path)), ("size_bytes", number(sizeBytes)), ("in_use", .bool(isInUse)),
      ("closed_cleanly", .bool(wasClosedCleanly)), ("torn_tail", .bool(isTailTorn)),
      ("openings", number(UInt64(openings))),
      ("used_bytes", number(usedBytes)), ("free_bytes", number(freeBytes)),
      ("reserve_bytes", number(reserveBytes)), ("accepted", number(accepted)),
      ("refused", number(refused)), ("waiting_groups", number(groups)),
      ("waiting_raw_bytes", number(rawBytes)), ("waiting_stored_bytes", number(storedBytes)),
      ("unreadable", number(unreadable)), ("bytes_per_second", number(bytesPerSecond)),
      ("seconds_left", number(secondsLeft)), ("balanced", .bool(isBalanced)),
      ("consumers", .array(consumers)),
    ])
  }
}

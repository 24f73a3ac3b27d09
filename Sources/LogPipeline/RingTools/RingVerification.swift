/// What ``RingVerifier`` found.
package struct RingVerification: Equatable, Sendable {
  /// Kept of the faults; all are counted.
  static let faultsShownMax = 1000

  let path: String
  let sizeBytes: UInt64
  var isInUse = false
  /// "A whole (generation 8)".
  var slots: [String] = []
  package internal(set) var groups: UInt64 = 0
  package internal(set) var blocks: UInt64 = 0
  package internal(set) var events: UInt64 = 0
  /// Log positions.
  var from: UInt64 = 0
  var to: UInt64 = 0
  /// What lies behind the log's end, as a sentence.
  var ending = ""
  package internal(set) var isTailTorn = false
  package internal(set) var faults: [RingFault] = []
  package internal(set) var faultCount: UInt64 = 0
  package internal(set) var eventsLost: UInt64 = 0

  package var isWhole: Bool { faultCount == 0 }

  init(path: String, sizeBytes: UInt64) { (self.path, self.sizeBytes) = (path, sizeBytes) }

  mutating func add(_ fault: RingFault) {
    faultCount += 1
    eventsLost += fault.eventsLost
    if faults.count < Self.faultsShownMax { faults.append(fault) }
  }

  package var text: String {
    var text = "ring         \(path), \(TextAmount.bytes(sizeBytes))\n"
    text += "superblocks  \(slots.joined(separator: ", "))\n"
    text += "log          positions \(TextAmount.count(from)) to \(TextAmount.count(to))\n"
    text +=
      "checked      \(TextAmount.counted(groups, "group")), \(TextAmount.counted(blocks, "block")), "
      + "\(TextAmount.counted(events, "event"))\n"
    text += Self.row("end", ending)
    for (index, fault) in faults.enumerated() {
      text += "\nfault \(index + 1)      ".prefix(14) + "\(fault.place)\n"
      text += TextLayout.wrapped(Self.sentence(fault.text), indent: 13)
      text += TextLayout.wrapped(fault.cost, indent: 13)
    }
    if UInt64(faults.count) < faultCount {
      text +=
        "\n\(TextAmount.count(faultCount - UInt64(faults.count))) more faults are not shown.\n"
    }
    return text + "\n" + TextLayout.wrapped(verdict)
  }

  private var verdict: String {
    guard faultCount > 0 else { return "The ring is whole." }
    let found = "\(TextAmount.counted(faultCount, "fault"))."
    guard eventsLost > 0 else {
      return
        "\(found) No event that waits is lost. The ring was not changed; the next start of the "
        + "agent repairs what can be repaired."
    }
    return
      "\(found) \(TextAmount.counted(eventsLost, "waiting event")) can not be read any more; the "
      + "agent counts them as quarantined when it comes to them, and delivers the rest. The ring was "
      + "not changed. Save what is whole with sheepshipper ring export, and check the disk."
  }

  package var json: JsonValue {
    func number(_ value: UInt64) -> JsonValue { .integer(Int64(clamping: value)) }
    return .object([
      ("path", .string(path)), ("size_bytes", number(sizeBytes)), ("in_use", .bool(isInUse)),
      ("whole", .bool(isWhole)), ("superblocks", .array(slots.map(JsonValue.string))),
      ("from_position", number(from)), ("to_position", number(to)), ("groups", number(groups)),
      ("blocks", number(blocks)), ("events", number(events)), ("torn_tail", .bool(isTailTorn)),
      ("end", .string(ending)), ("fault_count", number(faultCount)),
      ("events_lost", number(eventsLost)), ("faults", .array(faults.map(\.json))),
    ])
  }

  private static func row(_ name: String, _ text: String) -> String {
    let padded = name + String(repeating: " ", count: 13 - name.count)
    return padded + TextLayout.wrapped(text, indent: 13).dropFirst(13)
  }

  private static func sentence(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst() + "."
  }
}

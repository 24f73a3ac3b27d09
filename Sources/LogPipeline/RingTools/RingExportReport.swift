/// What ``RingExport`` wrote.
package struct RingExportReport: Equatable, Sendable {
  package struct File: Equatable, Sendable {
    package let path: String
    package let events: UInt64
    package let bytes: UInt64
  }

  let ring: String
  let path: String
  /// The one that was asked for first, then those of single days.
  package internal(set) var files: [File] = []
  /// The first thousand.
  package internal(set) var faults: [RingFault] = []
  package internal(set) var eventsSkipped: UInt64 = 0

  init(ring: String, path: String) { (self.ring, self.path) = (ring, path) }

  package var isWhole: Bool { eventsSkipped == 0 }
  package var events: UInt64 { files.reduce(0) { $0 + $1.events } }

  mutating func add(_ fault: RingFault, isAll: Bool) {
    eventsSkipped += isAll ? fault.eventCount : fault.eventsLost
    if faults.count < RingVerification.faultsShownMax { faults.append(fault) }
  }

  package var text: String {
    var text = ""
    for fault in faults {
      text += "skipped  \(fault.place)\n"
      text += TextLayout.wrapped(
        "\(fault.text): \(TextAmount.counted(fault.eventCount, "event")) from "
          + "\(TextAmount.count(fault.firstSequence ?? 0)) on", indent: 9)
    }
    for file in files {
      text +=
        "Exported \(TextAmount.counted(file.events, "event")) "
        + "(\(TextAmount.bytes(file.bytes))) to \(file.path)\n"
    }
    if files.isEmpty { text += "There was nothing to export, so no file was made.\n" }
    if eventsSkipped > 0 {
      text += TextLayout.wrapped(
        "\(TextAmount.counted(eventsSkipped, "event")) in damaged places can not be read and "
          + (eventsSkipped == 1 ? "is" : "are") + " not in it.")
    }
    return text + next
  }

  private var next: String {
    guard !files.isEmpty else { return "" }
    let names = files.map(\.path).joined(separator: " ")
    return TextLayout.wrapped(
      "The ring was not changed: what waits there is delivered by the next sheepshipper run. To "
        + "deliver it from here, on this machine or another:")
      + "  sheepshipper replay \(names)\n"
      + TextLayout.wrapped("Both may be done: equal ids, so nothing is stored twice.")
  }

  package var json: JsonValue {
    func number(_ value: UInt64) -> JsonValue { .integer(Int64(clamping: value)) }
    return .object([
      ("ring", .string(ring)), ("events", number(events)), ("skipped", number(eventsSkipped)),
      (
        "files",
        .array(
          files.map {
            .object([
              ("path", .string($0.path)), ("events", number($0.events)),
              ("bytes", number($0.bytes)),
            ])
          })
      ), ("faults", .array(faults.map(\.json))),
    ])
  }
}

/// Compares what this agent says it has delivered into a day's index with the index itself, id by id.
///
/// The record is read first, then the index, then what was recorded meanwhile: so an agent may deliver while this runs.
package struct DayCheck {
  /// How often the record is looked at again for ids that the index had before it.
  private static let looksMax = 3

  private let path: String
  private let day: Int32
  private let index: String
  private let isPatient: Bool

  /// - Parameters:
  ///   - stateDirectory: the agent's.
  ///   - day: days since 1970.
  ///   - index: that day's.
  ///   - isPatient: whether ids that are not recorded yet are waited for, a few seconds.
  package init(stateDirectory: String, day: Int32, index: String, isPatient: Bool = true) {
    path = DeliveredIds.path(of: day, in: DeliveredIds.folder(in: stateDirectory))
    (self.day, self.index, self.isPatient) = (day, index, isPatient)
  }

  /// "2026-11-21" or "2026.11.21" as days since 1970; nil when it is no date.
  package static func day(_ text: String) -> Int32? {
    let parts = text.split(
      omittingEmptySubsequences: false, whereSeparator: { $0 == "-" || $0 == "." })
    let digits = parts.map(\.utf8.count)
    guard digits == [4, 2, 2], let year = Int(parts[0]), let month = Int(parts[1]),
      let day = Int(parts[2]), year > 0
    else { return nil }
    let days = UtcTime.days(year: year, month: month, day: day)
    return UtcTime.civil(fromDays: days) == (year, month, day) ? Int32(days) : nil
  }

  /// - Throws: ``SystemError`` when nothing is recorded for that day, ``IndexReadError``.
  package func run(_ ids: inout IndexIds, told: (UInt64) -> Void = { _ in }) throws
    -> DayCheckReport
  {
    var record = try DayRecord(path: path)
    let delivered = record.fingerprints
    var isThere = [Bool](repeating: false, count: delivered.count)
    var report = DayCheckReport(day: day, index: index, recorded: UInt64(delivered.count))
    report.notRefreshed = ids.refresh(index)
    var others: [UInt64] = []
    try ids.forEachPage(of: index) { page in
      report.inIndex += UInt64(page.count)
      for id in page {
        guard let fingerprint = EventIdText.fingerprint(of: id) else {
          report.foreign += 1
          continue
        }
        if let at = DayRecord.index(of: fingerprint, in: delivered) {
          isThere[at] = true
        } else {
          others.append(fingerprint)
        }
      }
      told(report.inIndex)
    }
    for (at, fingerprint) in delivered.enumerated() where !isThere[at] {
      report.missing.append(fingerprint)
    }
    // An answer that came while the index was read is recorded a moment after the document can be found.
    for look in 0..<Self.looksMax where !others.isEmpty {
      if look > 0, isPatient { PosixThread.sleep(.seconds(1)) }
      let since = try record.more()
      others.removeAll { DayRecord.index(of: $0, in: since) != nil }
    }
    report.others = UInt64(others.count)
    return report
  }
}

/// Writes what waits in a ring as lines of the archive, `{"_id":"…",…}`: a replay of them stores nothing twice.
///
/// An event that went to another day's index than its own time says is written to a file named after that day, because
/// replay takes the day from there.
package struct RingExport {
  private let view: RingView
  private let path: String
  private let isAll: Bool
  private let superblock: Superblock
  private let stream: StreamId
  private var waiting: WaitingEvents
  /// The oldest event in the log; copies of what lies from there on are no events of their own.
  private var oldest: UInt64?
  private var files: [Int32?: ExportFile] = [:]
  private var report: RingExportReport

  /// The view is held, so that nothing changes meanwhile. `isAll`: from the tail on, also what is delivered already.
  /// When it throws, nothing was put in place.
  package static func export(
    _ view: RingView, to path: String, isAll: Bool,
    onProgress: (_ doneBytes: UInt64, _ ofBytes: UInt64) -> Void
  ) throws(RingToolError) -> RingExportReport {
    try checkName(path)
    let superblock = try view.superblock()
    var export = RingExport(
      view: view, path: path, isAll: isAll, superblock: superblock,
      stream: StreamId(high: superblock.ringId.0, low: superblock.ringId.1),
      waiting: WaitingEvents(superblock, end: superblock.hint),
      report: RingExportReport(ring: view.path, path: path))
    do throws(RingToolError) {
      try export.run(onProgress)
    } catch {
      for file in export.files.values { file.remove() }
      throw error
    }
    return export.report
  }

  private mutating func run(
    _ onProgress: (_ doneBytes: UInt64, _ ofBytes: UInt64) -> Void
  ) throws(RingToolError) {
    // Before all the reading: a folder that is not there, a file that is.
    files[nil] = try ExportFile(path: path, stream: stream)
    let end = try RingEnd.judged(superblock, of: view)
    waiting = WaitingEvents(superblock, end: end.anchor)
    let from = superblock.tail.position
    var walk = RingWalk(fromTailOf: superblock, burns: end.burns, of: view)
    loop: while true {
      switch walk.step(to: end.anchor) {
      case .end: break loop
      case .skip, .burned: continue
      case .lost(let start, let next, let why):
        var fault = RingFault(why.text, at: walk.physical(start.position))
        (fault.position, fault.group) = (start.position, start.group)
        fault.firstSequence = start.sequence
        fault.eventCount = next.sequence > start.sequence ? next.sequence - start.sequence : 0
        fault.eventsLost = waiting.lost(from: start, to: next)
        skip(fault)
      case .group(let header):
        if oldest == nil { oldest = header.firstSequence }
        if header.end.sequence > superblock.consumers[0].sequence || isAll { try write(header) }
      }
      onProgress(walk.next.position - from, end.anchor.position - from)
    }
    for file in files.values { try file.sync() }
    if files.count == 1, files[nil]?.events == 0 {
      files[nil]?.remove()
      return
    }
    let ordered = files.sorted { ($0.key ?? .min) > ($1.key ?? .min) }.map(\.value)
    for file in ordered {
      if file.events == 0 {
        file.remove()
        continue
      }
      try file.putInPlace()
      report.files.insert(.init(path: file.path, events: file.events, bytes: file.bytes), at: 0)
    }
  }

  private mutating func write(_ header: GroupHeader) throws(RingToolError) {
    let check = GroupCheck(header, superblock, of: view)
    guard let tables = check.tables else {
      var fault = check.tablesFault
      fault.eventsLost = waiting.count(header.firstSequence..<header.end.sequence, origins: [])
      return skip(fault)
    }
    var failure: RingToolError?
    check.blocks(tables, inflates: true) { block in
      if failure != nil { return }
      if var fault = block.fault {
        fault.eventsLost = waiting.count(block.sequences, origins: block.origins)
        return skip(fault)
      }
      do throws(RingToolError) { try write(block) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  private mutating func write(_ block: GroupCheck.Block) throws(RingToolError) {
    var offset = 0
    for (index, item) in (block.stored?.items ?? []).enumerated() {
      let end = offset + Int(item.rawLengthBytes)
      defer { offset = end }
      let sequence = block.firstSequence + UInt64(index)
      guard isWanted(sequence, origin: block.origins.isEmpty ? nil : block.origins[index]) else {
        continue
      }
      let line = ArchiveWriter.archiveLine(ofItem: block.raw[offset..<end])
      let isElsewhere = unsafe line.withUnsafeBytes {
        unsafe ByteScan.first("\"time_clamped\":true", in: $0) != nil
      }
      try file(of: isElsewhere ? item.day : nil).append(line, sequence: sequence)
    }
  }

  private func isWanted(_ sequence: UInt64, origin: UInt64?) -> Bool {
    guard isAll else { return waiting.holds(sequence, origin: origin) }
    return origin.map { $0 < oldest ?? 0 } ?? true
  }

  private mutating func file(of day: Int32?) throws(RingToolError) -> ExportFile {
    if let known = files[day] { return known }
    let made = try ExportFile(path: Self.name(path, day: day), stream: stream)
    files[day] = made
    return made
  }

  private mutating func skip(_ fault: RingFault) {
    if fault.eventsLost > 0 || (isAll && fault.eventCount > 0) { report.add(fault, isAll: isAll) }
  }

  /// "waiting.ndjson.gz" of a day: "waiting-2026.11.21.ndjson.gz".
  private static func name(_ path: String, day: Int32?) -> String {
    guard let day else { return path }
    let (year, month, dayOfMonth) = UtcTime.civil(fromDays: Int(day))
    let ending = ".ndjson.gz"
    let base = path.hasSuffix(ending) ? String(path.dropLast(ending.count)) : path
    return "\(base)-\(UtcTime.padded(year, 4)).\(UtcTime.padded(month, 2))."
      + UtcTime.padded(dayOfMonth, 2) + ending
  }

  /// Refuses a name that replay would take a day from.
  private static func checkName(_ path: String) throws(RingToolError) {
    let name = path.split(separator: "/").last ?? ""
    let parts = (name.split(separator: "-").last ?? "").split(separator: ".")
    guard parts.count >= 3, parts.prefix(3).map(\.utf8.count) == [4, 2, 2],
      parts.prefix(3).allSatisfy({ Int($0) != nil })
    else { return }
    throw .exportName(path: path, day: parts.prefix(3).joined(separator: "."))
  }
}

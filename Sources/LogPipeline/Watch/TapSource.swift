/// What a listener of `tap` hears: each passing event as its line of the archive, `{"_id":"…",document}`, and
/// `{"lost":N}` for those it was too slow for.
package final class TapSource: ControlSource {
  package static let command = "tap"
  private let tap: EventTap
  private let queue: EventTapQueue
  private let filters: [TapFilter]

  /// - Throws: a filter that is none, or too many who watch.
  package init(_ tap: EventTap, request: JsonValue) throws(ControlError) {
    var filters: [TapFilter] = []
    for text in request["filters"]?.elements ?? [] {
      guard let filter = text.string.flatMap(TapFilter.init) else {
        throw .refused("\(text.text) is no filter; FIELD=VALUE, such as team_id=engineering")
      }
      filters.append(filter)
    }
    guard let queue = tap.open() else {
      throw .refused("\(EventTap.queuesMax) others watch already; end one of them")
    }
    (self.tap, self.queue, self.filters) = (tap, queue, filters)
  }

  package func next(until deadline: MonotonicTime) -> [UInt8] {
    var lines: [UInt8] = []
    if let block = queue.take(until: deadline) {
      var at = 0
      for item in block.items {
        let end = at + Int(item.rawLengthBytes)
        let line = ArchiveWriter.archiveLine(ofItem: block.bytes[at..<end])
        if fits(line[...]) { lines += line }
        at = end
      }
    }
    let lost = queue.takeLost()
    if lost > 0 { lines += Array("{\"lost\":\(lost)}\n".utf8) }
    return lines
  }

  package func close() { tap.close(queue) }

  private func fits(_ line: ArraySlice<UInt8>) -> Bool {
    if filters.isEmpty { return true }
    guard filters.allSatisfy({ $0.mayFit(line) }),
      let document = try? JsonValue.parse(Array(line))
    else { return false }
    return filters.allSatisfy { $0.fits(document) }
  }
}

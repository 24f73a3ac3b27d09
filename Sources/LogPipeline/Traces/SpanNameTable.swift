/// The names of attributes met lately. Senders choose them, so the table is bounded: when it is full it is emptied.
struct SpanNameTable: ~Copyable {
  private var names: [SpanName] = []
  /// By hash; of two names with one hash only the first is found again.
  private var places: [UInt64: Int] = [:]
  /// The name that came behind each one the last time: exporters write their attributes in one order.
  private var next: [Int] = []
  private var last: Int?

  private static let namesMax = 1024

  subscript(_ place: Int) -> SpanName { names[place] }

  /// Places are good until then.
  mutating func beginSpan() {
    last = nil
    guard names.count > Self.namesMax else { return }
    names.removeAll(keepingCapacity: true)
    next.removeAll(keepingCapacity: true)
    places.removeAll(keepingCapacity: true)
  }

  mutating func place(of raw: UnsafeRawBufferPointer) -> Int {
    let expected = last.map { next[$0] } ?? 0
    if expected < names.count, unsafe isName(expected, raw) {
      last = expected
      return expected
    }
    let place = unsafe lookUp(raw)
    if let last { next[last] = place }
    last = place
    return place
  }

  private mutating func lookUp(_ raw: UnsafeRawBufferPointer) -> Int {
    let hash = unsafe NameBytes.hash(raw, from: 0)
    if let known = places[hash], unsafe isName(known, raw) { return known }
    let place = names.count
    unsafe names.append(SpanName(raw))
    next.append(place + 1)
    if places[hash] == nil { places[hash] = place }
    return place
  }

  private func isName(_ place: Int, _ raw: UnsafeRawBufferPointer) -> Bool {
    unsafe names[place].raw.withUnsafeBytes { unsafe NameBytes.isSame($0, raw) }
  }
}

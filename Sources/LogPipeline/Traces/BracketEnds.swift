/// Where the brackets of a body's upper levels end, noted while it is gone over for the first time: what lies within them
/// is not passed over once more for each level.
struct BracketEnds {
  /// How many levels are noted, the outermost first.
  let levels: Int

  /// By start. Of more of them the ends are not known.
  private var noted: [(start: Int, end: Int)] = []
  private var open: [Int?] = []
  /// 256 KiB; a bracket a span.
  private static let notedMax = 16_384

  init(levels: Int) { self.levels = levels }

  mutating func open(at start: Int) {
    let isNoted = noted.count < Self.notedMax
    open.append(isNoted ? noted.count : nil)
    if isNoted { noted.append((start, start)) }
  }

  /// The one that was opened last.
  mutating func close(at place: Int) {
    if let index = open.removeLast() { noted[index].end = place + 1 }
  }

  /// The place behind the bracket that closes the one at `start`; nil: it is not known.
  func end(of start: Int) -> Int? {
    var (low, high) = (0, noted.count)
    while low < high {
      let middle = (low + high) / 2
      if noted[middle].start < start { low = middle + 1 } else { high = middle }
    }
    return low < noted.count && noted[low].start == start ? noted[low].end : nil
  }
}

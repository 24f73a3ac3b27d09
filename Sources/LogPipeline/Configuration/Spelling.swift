/// Finds what somebody probably meant.
package enum Spelling {
  /// The candidate that differs least from `word`; nil when none is near.
  package static func nearest(to word: String, among candidates: [String]) -> String? {
    let found = candidates.map { (distance(word.lowercased(), $0.lowercased()), $0) }
      .min { $0.0 < $1.0 }
    guard let (difference, candidate) = found, difference <= max(1, min(4, word.count / 3)) else {
      return nil
    }
    return candidate
  }

  /// The one that differs least, however much that is; `candidates` is not empty.
  package static func best(of candidates: [String], for word: String) -> String? {
    candidates.min { distance(word, $0) < distance(word, $1) }
  }

  /// How many letters must be put in, taken out, changed or swapped with their neighbour. Long texts are cut at 64.
  package static func distance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a.utf8.prefix(64)), Array(b.utf8.prefix(64)))
    var beforeLast = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    for i in 0..<a.count {
      var row = [i + 1]
      for j in 0..<b.count {
        var best = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          best = min(best, beforeLast[j - 1] + 1)
        }
        row.append(best)
      }
      (beforeLast, last) = (last, row)
    }
    return last[b.count]
  }
}

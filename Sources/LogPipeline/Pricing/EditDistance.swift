/// How many letters must be put in, left out or exchanged to make one text of another (Levenshtein).
enum EditDistance {
  /// - Returns: `limit` when the distance is not below it.
  static func between(_ a: [UInt8], _ b: [UInt8], below limit: Int) -> Int {
    guard abs(a.count - b.count) < limit else { return limit }
    var above = Array(0...b.count)
    for (i, letter) in a.enumerated() {
      var line = [i + 1]
      for (j, other) in b.enumerated() {
        line.append(min(above[j] + (letter == other ? 0 : 1), above[j + 1] + 1, line[j] + 1))
      }
      above = line
    }
    return min(limit, above[b.count])
  }
}

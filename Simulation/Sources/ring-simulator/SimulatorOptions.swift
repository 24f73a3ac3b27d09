/// The command line.
struct SimulatorOptions {
  static let usage = """
    ring-simulator [--seeds N | --seeds FROM..TO] [--random N] [--jobs 2] [--seconds S] [--failures 5] [--short]
    ring-simulator --replay SEED [--history 0-3,7] [--log]
    ring-simulator --day
    ring-simulator --bits [--jobs 2]

    Runs one simulated history of the ring for each seed. --random takes N more, from a seed that is printed. --seconds ends a long
    run early. --failures ends it after so many. --short runs only the short histories among them. --replay tells one history step by step; --history keeps only the steps with these numbers; --log shows what the ring logs too. --day
    fills a ring of 64 MiB with 10 events a second while nobody takes them, and says how long it lasts. --bits flips each bit of a ring
    of 64 KiB.

    """

  var seeds: Range<UInt64> = 0..<0
  var randomCount: UInt64 = 0
  var jobs = 2
  var seconds: Int?
  /// No more seeds are begun once so many have failed; the first few are explained.
  var failuresMax = 5
  var replay: UInt64?
  var history: [Int]?
  /// What this process is for another of its kind.
  var isWorker = false
  var isShrinking = false
  var isTelling = false
  var isDay = false
  var isEveryBit = false
  var isLogging = false
  /// Histories that are not short are left out.
  var isShort = false

  /// nil: not understood.
  init?(_ arguments: [String]) {
    var rest = arguments[...]
    while let name = rest.popFirst() {
      switch name {
      case "--worker": isWorker = true
      case "--shrink": isShrinking = true
      case "--tell": isTelling = true
      case "--day": isDay = true
      case "--bits": isEveryBit = true
      case "--short": isShort = true
      case "--log": isLogging = true
      default:
        guard let value = rest.popFirst(), take(name, value) else { return nil }
      }
    }
    if seeds.isEmpty, randomCount == 0, replay == nil { seeds = 0..<10_000 }
  }

  private mutating func take(_ name: String, _ value: String) -> Bool {
    switch name {
    case "--seeds":
      let ends = value.split(separator: "..", omittingEmptySubsequences: false).map { UInt64($0) }
      switch (ends.count, ends.first ?? nil, ends.last ?? nil) {
      case (1, let count?, _): seeds = 0..<count
      case (2, let from?, let to?) where from <= to: seeds = from..<to
      default: return false
      }
    case "--random": return set(&randomCount, UInt64(value))
    case "--jobs": return set(&jobs, Int(value).flatMap { $0 > 0 ? $0 : nil })
    case "--seconds": return set(&seconds, Int(value))
    case "--failures": return set(&failuresMax, Int(value))
    case "--replay": return set(&replay, UInt64(value))
    case "--history":
      history = Self.indices(value)
      return history != nil
    default: return false
    }
    return true
  }

  private func set<Value>(_ target: inout Value, _ value: Value?) -> Bool {
    guard let value else { return false }
    target = value
    return true
  }

  private func set<Value>(_ target: inout Value?, _ value: Value?) -> Bool {
    target = value
    return value != nil
  }

  /// "0-3,7" is 0, 1, 2, 3, 7.
  static func indices(_ text: String) -> [Int]? {
    var indices: [Int] = []
    for part in text.split(separator: ",") {
      let ends = part.split(separator: "-").map { Int($0) }
      switch (ends.count, ends.first ?? nil, ends.last ?? nil) {
      case (1, let one?, _): indices.append(one)
      case (2, let from?, let to?) where from <= to: indices += Array(from...to)
      default: return nil
      }
    }
    return indices
  }

  /// The other way round.
  static func text(of indices: [Int]) -> String {
    var parts: [String] = []
    var start = 0
    while start < indices.count {
      var end = start
      while end + 1 < indices.count, indices[end + 1] == indices[end] + 1 { end += 1 }
      parts.append(end == start ? "\(indices[start])" : "\(indices[start])-\(indices[end])")
      start = end + 1
    }
    return parts.joined(separator: ",")
  }
}

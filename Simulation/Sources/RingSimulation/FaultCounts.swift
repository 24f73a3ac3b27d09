/// How often each kind of fault happened.
package struct FaultCounts: Sendable {
  package private(set) var counts = [UInt64](repeating: 0, count: FaultKind.allCases.count)

  package init() {}

  /// As a worker prints them: `counts 1 2 3`.
  package init(_ line: some StringProtocol) {
    let numbers = line.split(separator: " ").dropFirst().compactMap { UInt64($0) }
    if numbers.count == counts.count { counts = Array(numbers) }
  }

  package subscript(kind: FaultKind) -> UInt64 {
    get { counts[kind.rawValue] }
    set { counts[kind.rawValue] = newValue }
  }

  package mutating func add(_ other: FaultCounts) {
    for index in counts.indices { counts[index] += other.counts[index] }
  }
}

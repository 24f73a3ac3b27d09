/// One minute's calls by team and model, as they arrived: at most ``rowsMax`` rows, all others in one sum.
///
/// On the event path: a row is found by its names' bytes, without an allocation.
package struct UsageMinute: Sendable {
  package static let rowsMax = 256
  /// Longer names are cut.
  private static let nameBytesMax = 96

  /// Since 1970.
  package let minute: Int64
  /// Of calls whose team and model found no row any more.
  package private(set) var other = UsageSums()
  private var rows: [Row] = []
  private var names: [UInt8] = []
  /// Indices into `rows`, -1 where free; found by linear probing.
  private var slots: [Int16] = []

  private struct Row {
    let hash: UInt64
    /// Team, then model, in `names`.
    let start: Int
    let teamCount: Int
    let modelCount: Int
    var sums = UsageSums()
  }

  package init(_ minute: Int64) { self.minute = minute }

  /// Adds one call; names are empty where it has none.
  mutating func add(
    team: UnsafeRawBufferPointer, model: UnsafeRawBufferPointer, _ call: UsageSums
  ) {
    let team = unsafe UnsafeRawBufferPointer(rebasing: team.prefix(Self.nameBytesMax))
    let model = unsafe UnsafeRawBufferPointer(rebasing: model.prefix(Self.nameBytesMax))
    if slots.isEmpty { slots = [Int16](repeating: -1, count: Self.rowsMax * 2) }
    let hash = unsafe NameBytes.hash(model, from: NameBytes.hash(team, from: 0))
    var slot = Int(truncatingIfNeeded: hash) & (Self.rowsMax * 2 - 1)
    while slots[slot] >= 0 {
      let at = Int(slots[slot])
      if rows[at].hash == hash, unsafe isNamed(at, team, model) {
        rows[at].sums.add(call)
        return
      }
      slot = (slot + 1) & (Self.rowsMax * 2 - 1)
    }
    guard rows.count < Self.rowsMax else { return other.add(call) }
    slots[slot] = Int16(rows.count)
    var row = Row(
      hash: hash, start: names.count, teamCount: team.count, modelCount: model.count)
    row.sums = call
    unsafe names.append(contentsOf: team)
    unsafe names.append(contentsOf: model)
    rows.append(row)
  }

  /// Hands out each row.
  package func forEach(_ body: (_ team: String, _ model: String, UsageSums) -> Void) {
    for row in rows {
      let middle = row.start + row.teamCount
      body(
        String(decoding: names[row.start..<middle], as: UTF8.self),
        String(decoding: names[middle..<(middle + row.modelCount)], as: UTF8.self), row.sums)
    }
  }

  private func isNamed(
    _ at: Int, _ team: UnsafeRawBufferPointer, _ model: UnsafeRawBufferPointer
  ) -> Bool {
    let row = rows[at]
    return unsafe names.withUnsafeBytes { names in
      let middle = row.start + row.teamCount
      return unsafe NameBytes.isSame(
        UnsafeRawBufferPointer(rebasing: names[row.start..<middle]), team)
        && NameBytes.isSame(
          UnsafeRawBufferPointer(rebasing: names[middle..<(middle + row.modelCount)]), model)
    }
  }
}

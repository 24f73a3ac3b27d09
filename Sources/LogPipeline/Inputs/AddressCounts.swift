/// How many connections each address has, so that one peer can not take all places.
struct AddressCounts {
  private let perAddressMax: Int
  private var counts: [String: Int] = [:]

  init(perAddressMax: Int) { self.perAddressMax = perAddressMax }

  /// Counts one more connection, or answers false: the address has as many as it may.
  mutating func admit(_ address: String) -> Bool {
    guard counts[address, default: 0] < perAddressMax else { return false }
    counts[address, default: 0] += 1
    return true
  }

  mutating func leave(_ address: String) {
    let left = counts[address, default: 0] - 1
    invariant(left >= 0, "an address has fewer connections than none")
    counts[address] = left == 0 ? nil : left
  }
}

import Synchronization

/// How many connections of a port each address has, over all intakes, so that one peer can not take all places. Safe
/// from any thread.
final class AddressCounts: Sendable {
  /// For addresses of other machines when nothing is set. All local senders share one address, and who is over the limit
  /// is closed, which over TCP can lose what was sent: on this machine only the total counts then.
  static let perForeignAddressMax = 64

  /// Set: for every address.
  private let perAddressMax: Int?
  private let counts = Mutex<[String: Int]>([:])

  init(perAddressMax: Int?) { self.perAddressMax = perAddressMax }

  /// How many connections the address may have.
  func limit(of address: String) -> Int {
    perAddressMax ?? (Self.isThisMachine(address) ? .max : Self.perForeignAddressMax)
  }

  /// Counts one more connection, or answers false: the address has as many as it may.
  func admit(_ address: String) -> Bool {
    let limit = limit(of: address)
    return counts.withLock { counts in
      guard counts[address, default: 0] < limit else { return false }
      counts[address, default: 0] += 1
      return true
    }
  }

  func leave(_ address: String) {
    counts.withLock { counts in
      let left = counts[address, default: 0] - 1
      invariant(left >= 0, "an address has fewer connections than none")
      counts[address] = left == 0 ? nil : left
    }
  }

  /// As peers are described: "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]".
  private static func isThisMachine(_ address: String) -> Bool {
    address.hasPrefix("127.") || address == "[::1]" || address.hasPrefix("[::ffff:127.")
  }
}

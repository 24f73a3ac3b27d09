/// One byte budget for all partial input of an intake: lines, elements and objects whose end has not come yet.
///
/// When it is nearly spent, only the holder of the most bytes goes on: it can always end its frame within the
/// budget, so something moves. The others wait, each with its own time limit running.
final class InputBudget {
  private let limitBytes: Int
  /// Kept free for the one that goes on: the longest frame, and what one read brings.
  private let reserveBytes: Int
  private var heldBytes: [ObjectIdentifier: Int] = [:]
  private(set) var totalBytes = 0
  private var favourite: ObjectIdentifier?

  static let readBytesMax = 1 << 20

  init(limitBytes: Int, frameBytesMax: Int) throws(IntakeError) {
    let needed = frameBytesMax + Self.readBytesMax
    guard limitBytes >= needed else {
      throw .budgetTooSmall(givenBytes: limitBytes, neededBytes: needed)
    }
    self.limitBytes = limitBytes
    reserveBytes = needed
  }

  var isSpent: Bool { totalBytes > limitBytes - reserveBytes }

  /// Says how much a holder keeps now; 0 forgets it.
  func set(_ bytes: Int, for holder: AnyObject) {
    let name = ObjectIdentifier(holder)
    totalBytes += bytes - (heldBytes[name] ?? 0)
    heldBytes[name] = bytes == 0 ? nil : bytes
    // A favourite is chosen once and stays: two that overtake each other would both grow past the reserve.
    if !isSpent || bytes == 0 && favourite == name { favourite = nil }
  }

  /// Whether this one may read on now.
  func mayGoOn(_ holder: AnyObject) -> Bool {
    guard isSpent else { return true }
    if favourite == nil { favourite = heldBytes.max { $0.value < $1.value }?.key }
    return favourite == ObjectIdentifier(holder)
  }
}

/// One byte budget for all partial input of an intake: lines, elements and objects whose end has not come yet.
///
/// When it is nearly spent, only the holder of the most bytes goes on: it can always end its frame within the
/// budget, so something moves. The others wait, each with its own time limit running.
final class InputBudget {
  private let limitBytes: Int
  /// Kept free for the one that goes on: the longest frame, and what one read brings.
  private let reserveBytes: Int
  private var heldBytes: [ObjectIdentifier: Int] = [:]
  /// Holders that will keep up to so many bytes for certain, and what the neediest of them has still to come.
  private var promisedBytes: [ObjectIdentifier: Int] = [:]
  private var stillComingBytes = 0
  private(set) var totalBytes = 0
  private var favourite: ObjectIdentifier?

  static let readBytesMax = 1 << 20

  /// - Parameters:
  ///   - limitBytes: for all together.
  ///   - frameBytesMax: the longest frame.
  ///   - signedBytesMax: the longest body that is kept whole; 0 when none is.
  /// - Throws: the limit is too small for one of each.
  init(limitBytes: Int, frameBytesMax: Int, signedBytesMax: Int = 0) throws(IntakeError) {
    let reserve = frameBytesMax + Self.readBytesMax
    guard limitBytes >= reserve + signedBytesMax else {
      throw .budgetTooSmall(givenBytes: limitBytes, neededBytes: reserve + signedBytesMax)
    }
    self.limitBytes = limitBytes
    reserveBytes = reserve
  }

  var isSpent: Bool { totalBytes > limitBytes - reserveBytes - stillComingBytes }

  /// A holder will keep up to so many bytes, beside a frame: others are stopped early enough for the neediest such
  /// holder to get them.
  func promise(_ bytes: Int, to holder: AnyObject) {
    promisedBytes[ObjectIdentifier(holder)] = bytes
    measurePromises()
  }

  private func measurePromises() {
    stillComingBytes =
      promisedBytes.lazy.map { [heldBytes] in max(0, $0.value - (heldBytes[$0.key] ?? 0)) }.max()
      ?? 0
  }

  /// Says how much a holder keeps now; 0 forgets it, and what it was promised.
  func set(_ bytes: Int, for holder: AnyObject) {
    let name = ObjectIdentifier(holder)
    totalBytes += bytes - (heldBytes[name] ?? 0)
    heldBytes[name] = bytes == 0 ? nil : bytes
    if !promisedBytes.isEmpty {
      if bytes == 0 { promisedBytes[name] = nil }
      measurePromises()
    }
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

extension Array where Element == UInt64 {
  /// By halving, of an ascending array.
  func firstIndex(notBelow wanted: UInt64) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < wanted { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

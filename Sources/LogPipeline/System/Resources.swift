import CResources

/// Files the program carries inside itself.
package enum Resources {
  /// The price books, JSON (schema "relay-prices/2").
  package static var prices: [UInt8] {
    unsafe Array(
      UnsafeBufferPointer(start: cresources_prices_start(), count: cresources_prices_size))
  }
}

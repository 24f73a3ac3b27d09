/// The item table's rows, 20 bytes each: fingerprint 8, raw length 4, flags 4, day 4. The only loop over events here.
enum ItemRows {
  static func write(_ items: [BlockItem], to target: UnsafeMutableRawBufferPointer) {
    invariant(
      target.count == items.count * RingLayout.itemRowBytes,
      "item rows fill the space made for them")
    var offset = 0
    for item in items {
      unsafe target.storeBytes(
        of: item.fingerprint.littleEndian, toByteOffset: offset, as: UInt64.self)
      unsafe target.storeBytes(
        of: item.rawLengthBytes.littleEndian, toByteOffset: offset + 8, as: UInt32.self)
      unsafe target.storeBytes(
        of: item.flags.littleEndian, toByteOffset: offset + 12, as: UInt32.self)
      unsafe target.storeBytes(of: item.day.littleEndian, toByteOffset: offset + 16, as: Int32.self)
      offset += RingLayout.itemRowBytes
    }
  }

  static func read(_ source: UnsafeRawBufferPointer) -> [BlockItem] {
    let count = source.count / RingLayout.itemRowBytes
    var items: [BlockItem] = []
    items.reserveCapacity(count)
    for index in 0..<count {
      let offset = index * RingLayout.itemRowBytes
      items.append(
        BlockItem(
          fingerprint: UInt64(
            littleEndian: unsafe source.loadUnaligned(fromByteOffset: offset, as: UInt64.self)),
          rawLengthBytes: UInt32(
            littleEndian: unsafe source.loadUnaligned(fromByteOffset: offset + 8, as: UInt32.self)),
          day: Int32(
            littleEndian: unsafe source.loadUnaligned(fromByteOffset: offset + 16, as: Int32.self)),
          flags: UInt32(
            littleEndian: unsafe source.loadUnaligned(fromByteOffset: offset + 12, as: UInt32.self))
        )
      )
    }
    return items
  }
}

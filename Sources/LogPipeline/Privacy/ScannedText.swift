/// The bytes a scanner looks at. Reading beyond either end gives 0, which is no part of anything that is looked for.
@safe struct ScannedText {
  private let bytes: UnsafeRawBufferPointer

  /// The bytes must outlive this value.
  init(_ bytes: UnsafeRawBufferPointer) {
    unsafe self.bytes = bytes
    count = bytes.count
  }

  let count: Int

  subscript(_ at: Int) -> UInt8 { at >= 0 && at < count ? unsafe bytes[at] : 0 }

  /// Eight bytes from `at` on, which must all be there.
  func word(_ at: Int) -> UInt64 {
    invariant(at >= 0 && at + 8 <= count, "a word of text is read inside it")
    return unsafe bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)
  }

  /// Whether `text` (lower case) stands at `at`, in any case of letters.
  func has(_ text: StaticString, at: Int) -> Bool {
    guard at >= 0, at + text.utf8CodeUnitCount <= count else { return false }
    for offset in 0..<text.utf8CodeUnitCount
    where unsafe ByteClass.lower(bytes[at + offset]) != text.utf8Start[offset] {
      return false
    }
    return true
  }

  /// Whether `text` stands at `at`, to the letter.
  func hasExactly(_ text: StaticString, at: Int) -> Bool {
    guard at >= 0, at + text.utf8CodeUnitCount <= count else { return false }
    for offset in 0..<text.utf8CodeUnitCount
    where unsafe bytes[at + offset] != text.utf8Start[offset] {
      return false
    }
    return true
  }

  /// The first place from `at` on whose byte does not satisfy the condition, at most `limit` bytes away.
  func end(from at: Int, limit: Int = .max, while condition: (UInt8) -> Bool) -> Int {
    var end = at
    while end < count, end - at < limit, condition(self[end]) { end += 1 }
    return end
  }
}

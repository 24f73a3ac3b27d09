extension UnsafeRawBufferPointer {
  /// Whether these bytes are `word`, which is ASCII in lower case, in any case.
  @inline(__always) func equalsIgnoringCase(_ word: StaticString) -> Bool {
    count == word.utf8CodeUnitCount && (unsafe hasLetters(of: word))
  }

  @inline(never) private func hasLetters(of word: StaticString) -> Bool {
    for index in 0..<count {
      let byte = unsafe self[index]
      let lower = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
      if unsafe lower != word.utf8Start[index] { return false }
    }
    return true
  }

  func isEqual(to other: [UInt8]) -> Bool {
    guard count == other.count else { return false }
    for index in 0..<count where unsafe self[index] != other[index] { return false }
    return true
  }
}

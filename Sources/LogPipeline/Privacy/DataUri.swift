/// "data:image/png;base64,…": a file inside a text.
enum DataUri {
  private static let typeBytesMax = 64
  /// The kinds of media there are (IANA); a key or a card in the place of a type is none.
  private static let kinds: Set<String> = [
    "application", "audio", "font", "image", "message", "model", "multipart", "text", "video",
  ]
  private static let digitsMax = 6

  /// The media type; nil when the text is no such file, or names a type that is none.
  static func type(of text: UnsafeRawBufferPointer) -> [UInt8]? {
    guard unsafe text.prefix(5).elementsEqual("data:".utf8),
      let comma = unsafe text.prefix(typeBytesMax + 32).firstIndex(of: UInt8(ascii: ",")),
      unsafe text[..<comma].suffix(7).elementsEqual(";base64".utf8)
    else { return nil }
    let type = unsafe Array(text[5..<comma].prefix { $0 != UInt8(ascii: ";") })
    let parts = type.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    let isType =
      type.count <= typeBytesMax && parts.count == 2
      && kinds.contains(String(decoding: parts[0], as: UTF8.self))
      && !type.split { !ByteClass.isDigit($0) }.contains { $0.count > digitsMax }
      && type.allSatisfy {
        ByteClass.isAlnum($0) || ByteClass.isOne($0, of: "/.+-")
      }
    return isType ? type : nil
  }
}

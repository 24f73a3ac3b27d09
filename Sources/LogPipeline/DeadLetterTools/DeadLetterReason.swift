/// The common form of reasons that differ in numbers only: positions in a document, lengths, limits.
package enum DeadLetterReason {
  /// "document_parsing_exception: [#:#] failed to parse field [n] of type [long]".
  package static func shape(_ type: String, _ reason: String) -> String {
    var shape = ""
    var isNumber = false
    var isInWord = false
    for character in reason {
      let isDigit = character.isASCII && character.isNumber
      // "int64" and "2026.11.20" inside names stay; a number that stands alone does not.
      if isDigit, !isInWord {
        if !isNumber { shape.append("#") }
        isNumber = true
        continue
      }
      isNumber = false
      isInWord = character.isLetter || character == "_" || character == "-" || isInWord && isDigit
      shape.append(character)
    }
    return shape.isEmpty ? type : "\(type): \(shape)"
  }
}

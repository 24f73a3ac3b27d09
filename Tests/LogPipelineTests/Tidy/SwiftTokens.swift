/// The words and signs of a Swift file, without comments and without the text of string literals (what stands in their
/// interpolations counts). Enough to look for names; not a parser.
struct SwiftTokens {
  struct Token: Equatable {
    let text: String
    /// From 1.
    let line: Int
    var isName: Bool { text.first.map { $0.isLetter || $0 == "_" || $0 == "`" } ?? false }
  }

  private(set) var tokens: [Token] = []
  private let characters: [Character]
  private var at = 0
  private var line = 1

  static func of(_ source: String) -> [Token] {
    var scanner = SwiftTokens(source)
    scanner.scanCode(untilParenthesis: false)
    return scanner.tokens
  }

  private init(_ source: String) { characters = Array(source) }

  private func peek(_ offset: Int = 0) -> Character? {
    at + offset < characters.count ? characters[at + offset] : nil
  }

  private mutating func advance() {
    if characters[at].isNewline { line += 1 }
    at += 1
  }

  private mutating func scanCode(untilParenthesis: Bool) {
    var depth = 0
    while let character = peek() {
      if character == "/", peek(1) == "/" {
        while let next = peek(), !next.isNewline { advance() }
      } else if character == "/", peek(1) == "*" {
        skipBlockComment()
      } else if character == "\"" || (character == "#" && startsRawString) {
        scanString()
      } else if character.isLetter || character == "_" || character == "`" {
        scanName()
      } else if character.isWhitespace {
        advance()
      } else {
        if character == "(" { depth += 1 }
        if character == ")" { depth -= 1 }
        if untilParenthesis, depth < 0 { return advance() }
        tokens.append(Token(text: String(character), line: line))
        advance()
      }
    }
  }

  private var startsRawString: Bool {
    var offset = 0
    while peek(offset) == "#" { offset += 1 }
    return peek(offset) == "\""
  }

  private mutating func skipBlockComment() {
    var depth = 0
    repeat {
      if peek() == "/", peek(1) == "*" {
        depth += 1
        advance()
      } else if peek() == "*", peek(1) == "/" {
        depth -= 1
        advance()
      }
      if peek() != nil { advance() }
    } while depth > 0 && peek() != nil
  }

  private mutating func scanName() {
    let (start, first) = (at, line)
    let isQuoted = peek() == "`"
    advance()
    while let next = peek(), isQuoted ? next != "`" : next.isLetter || next.isNumber || next == "_"
    {
      advance()
    }
    if isQuoted, peek() != nil { advance() }
    tokens.append(Token(text: String(characters[start..<at]), line: first))
  }

  private mutating func scanString() {
    var pounds = 0
    while peek() == "#" {
      pounds += 1
      advance()
    }
    let isMultiline = peek(1) == "\"" && peek(2) == "\""
    let quotes = isMultiline ? 3 : 1
    for _ in 0..<quotes { advance() }
    while peek() != nil {
      if peek() == "\\", follows("#", pounds, at: 1) {
        for _ in 0...pounds { advance() }
        let isInterpolation = peek() == "("
        if peek() != nil { advance() }
        if isInterpolation { scanCode(untilParenthesis: true) }
      } else if follows("\"", quotes, at: 0), follows("#", pounds, at: quotes) {
        for _ in 0..<(quotes + pounds) { advance() }
        return
      } else {
        advance()
      }
    }
  }

  private func follows(_ character: Character, _ count: Int, at offset: Int) -> Bool {
    (0..<count).allSatisfy { peek(offset + $0) == character }
  }
}

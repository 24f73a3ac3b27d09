/// What the tidy rules ask of one Swift file.
struct SwiftFacts {
  struct Function: Equatable {
    let name: String
    /// From its `func`, `init` or `deinit` to its closing brace.
    let firstLine: Int
    let lastLine: Int
    var lineCount: Int { lastLine - firstLine + 1 }
  }

  let tokens: [SwiftTokens.Token]
  let lineCount: Int

  init(_ source: String) {
    tokens = SwiftTokens.of(source)
    lineCount = source.split(separator: "\n", omittingEmptySubsequences: false).count - 1
  }

  /// Types of the file's top level that other files can see. Nested ones are left out: to reach them one names the outer.
  var declaredTypes: Set<String> {
    var found: Set<String> = []
    var depth = 0
    for (index, token) in tokens.enumerated() {
      if token.text == "{" { depth += 1 }
      if token.text == "}" { depth -= 1 }
      guard depth == 0, Self.typeKeywords.contains(token.text), index + 1 < tokens.count,
        tokens[index + 1].isName, !["func", "var", "let"].contains(tokens[index + 1].text),
        !isPrivate(index)
      else { continue }
      found.insert(tokens[index + 1].text)
    }
    return found
  }

  /// Type names of any depth: inside their folder they hide another folder's type of that name.
  var ownTypeNames: Set<String> {
    Set(
      tokens.indices.dropLast().filter {
        Self.typeKeywords.contains(tokens[$0].text) || tokens[$0].text == "associatedtype"
      }.map { tokens[$0 + 1].text })
  }

  /// Names that can mean a type of the top level: what follows a dot is a member of something.
  var names: Set<String> {
    Set(
      tokens.indices.filter { tokens[$0].isName && ($0 == 0 || tokens[$0 - 1].text != ".") }
        .map { tokens[$0].text })
  }

  /// The modules it imports.
  var imports: [SwiftTokens.Token] {
    tokens.indices.compactMap { index in
      guard tokens[index].text == "import", index + 1 < tokens.count else { return nil }
      let isKind = Self.typeKeywords.union(["func", "var", "let"]).contains(tokens[index + 1].text)
      return isKind && index + 2 < tokens.count ? tokens[index + 2] : tokens[index + 1]
    }
  }

  var functions: [Function] {
    tokens.indices.compactMap { index in
      guard ["func", "init", "deinit"].contains(tokens[index].text),
        index == 0 || tokens[index - 1].text != ".",
        let open = body(after: index), let close = closingBrace(of: open)
      else { return nil }
      let name = tokens[index].text == "func" ? tokens[index + 1].text : tokens[index].text
      return Function(
        name: name, firstLine: tokens[index].line, lastLine: tokens[close].line)
    }
  }

  private static let typeKeywords: Set<String> = [
    "struct", "class", "enum", "protocol", "actor", "typealias",
  ]
  /// What can only come after a function without a body.
  private static let nextDeclaration: Set<String> = [
    "func", "init", "deinit", "var", "let", "case", "subscript", "struct", "class", "enum",
    "protocol", "extension", "typealias", "associatedtype", "static", "mutating", "package",
    "private", "fileprivate", "internal", "public", "}",
  ]

  private func isPrivate(_ index: Int) -> Bool {
    tokens[..<index].suffix(4).reversed().prefix { $0.text != "}" && $0.text != "{" }
      .contains { ["private", "fileprivate"].contains($0.text) }
  }

  /// The brace that opens the body of the function at `index`; nil in a protocol, or when it was a call.
  private func body(after index: Int) -> Int? {
    var depth = 0
    for at in (index + 1)..<tokens.count {
      let text = tokens[at].text
      if ["(", "["].contains(text) { depth += 1 }
      if [")", "]"].contains(text) { depth -= 1 }
      guard depth >= 0 else { return nil }
      guard depth == 0 else { continue }
      if text == "{" { return at }
      if Self.nextDeclaration.contains(text) { return nil }
    }
    return nil
  }

  private func closingBrace(of open: Int) -> Int? {
    var depth = 0
    for at in open..<tokens.count {
      if tokens[at].text == "{" { depth += 1 }
      if tokens[at].text == "}" { depth -= 1 }
      if depth == 0 { return at }
    }
    return nil
  }
}

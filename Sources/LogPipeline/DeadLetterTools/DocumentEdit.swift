/// One change of a document, as `--edit` has it: `.latency_ms = 12`, `.extra."a b"[0] = "x"`, `del(.extra.x)`.
package struct DocumentEdit: Equatable, Sendable {
  package enum Step: Equatable, Sendable {
    case key(String)
    case index(Int)
  }

  package let path: [Step]
  /// nil: what is there is taken away.
  package let value: RawJson?

  /// - Throws: ``DocumentEditError`` when the text is no edit.
  package init(_ text: String) throws(DocumentEditError) {
    let trimmed = Self.trimmed(text[...])
    if trimmed.hasPrefix("del(") {
      guard trimmed.hasSuffix(")") else {
        throw DocumentEditError(edit: text, reason: "del( has no ) at its end")
      }
      var rest = Self.trimmed(trimmed.dropFirst(4).dropLast())[...]
      path = try Self.path(&rest, of: text)
      guard rest.isEmpty else {
        throw DocumentEditError(edit: text, reason: "\"\(rest)\" is no part of a path")
      }
      value = nil
      return
    }
    var rest = trimmed[...]
    path = try Self.path(&rest, of: text)
    rest = Self.trimmed(rest)[...]
    guard rest.first == "=" else {
      throw DocumentEditError(edit: text, reason: "an = and a value are missing after the path")
    }
    let json = Self.trimmed(rest.dropFirst())
    do throws(JsonError) { value = try RawJson(json) } catch {
      let hint = json.isEmpty ? "" : "; a text needs quotes: \"\(json)\""
      throw DocumentEditError(edit: text, reason: "the value is \(error)\(hint)")
    }
  }

  /// What `document` becomes.
  ///
  /// - Throws: ``DocumentEditError`` when the path leads through something that is no object or array.
  package func apply(to document: RawJson) throws(DocumentEditError) -> RawJson {
    try apply(path[...], to: document) ?? document
  }

  /// nil: take it away.
  private func apply(
    _ rest: ArraySlice<Step>, to here: RawJson?
  ) throws(DocumentEditError) -> RawJson? {
    guard let step = rest.first else { return value }
    let next = rest.dropFirst()
    switch (step, here ?? .object([])) {
    case (.key(let name), .object(var members)):
      let at = members.lastIndex { Self.name(of: $0.key) == name }
      if at == nil, value == nil { return here }
      let changed = try apply(next, to: at.map { members[$0].value })
      if let at {
        if let changed { members[at].value = changed } else { members.remove(at: at) }
      } else if let changed {
        members.append(
          RawJson.Member(key: Array(JsonValue.quoted(name).utf8), value: changed))
      }
      return .object(members)
    case (.index(let index), .array(var values)):
      guard values.indices.contains(index) else {
        if value == nil { return here }
        throw DocumentEditError(
          edit: text, reason: "the array has \(values.count) elements, none is [\(index)]")
      }
      if let changed = try apply(next, to: values[index]) {
        values[index] = changed
      } else {
        values.remove(at: index)
      }
      return .array(values)
    case (.key(let name), _):
      if value == nil { return here }
      throw DocumentEditError(edit: text, reason: "what holds \"\(name)\" is no object")
    case (.index(let index), _):
      if value == nil { return here }
      throw DocumentEditError(edit: text, reason: "what holds [\(index)] is no array")
    }
  }

  /// As it may be written.
  private var text: String {
    let path = path.map { step in
      switch step {
      case .key(let name): ".\(name)"
      case .index(let index): "[\(index)]"
      }
    }.joined()
    guard let value else { return "del(\(path))" }
    return "\(path) = \(String(decoding: value.bytes, as: UTF8.self))"
  }

  private static func name(of key: [UInt8]) -> String? { (try? JsonValue.parse(key))?.string }

  private static func path(
    _ rest: inout Substring, of text: String
  ) throws(DocumentEditError) -> [Step] {
    var steps: [Step] = []
    while let first = rest.first, first == "." || first == "[" {
      rest.removeFirst()
      if first == "[" {
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        rest.removeFirst(digits.count)
        guard let index = Int(digits), rest.first == "]" else {
          throw DocumentEditError(edit: text, reason: "an index looks like [0]")
        }
        rest.removeFirst()
        steps.append(.index(index))
      } else if rest.first == "\"" {
        steps.append(.key(try quotedKey(&rest, of: text)))
      } else {
        let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
        guard !name.isEmpty else {
          throw DocumentEditError(
            edit: text, reason: "a name is missing after a dot; unusual ones need quotes: .\"a b\"")
        }
        rest.removeFirst(name.count)
        steps.append(.key(String(name)))
      }
    }
    guard !steps.isEmpty else {
      throw DocumentEditError(edit: text, reason: "a path begins with a dot")
    }
    return steps
  }

  private static func quotedKey(
    _ rest: inout Substring, of text: String
  ) throws(DocumentEditError) -> String {
    var isEscaped = false
    var end = rest.index(after: rest.startIndex)
    while end < rest.endIndex, isEscaped || rest[end] != "\"" {
      isEscaped = !isEscaped && rest[end] == "\\"
      end = rest.index(after: end)
    }
    guard end < rest.endIndex, let name = name(of: Array(rest[...end].utf8)) else {
      throw DocumentEditError(edit: text, reason: "a quoted name has no end")
    }
    rest = rest[rest.index(after: end)...]
    return name
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text)
  }
}

import CSimdjson

/// Single values: a field each, with the comma before it (`member…`: behind it).
extension DocumentWriter {
  /// Writes a field that must be an identifier; false when the event has none.
  ///
  /// Inlined: most fields are missing, and most others' keys and names are copied in a few words.
  @inline(__always) @discardableResult
  mutating func identifier(
    _ key: StaticString, _ field: Field, _ fields: inout FrameFields
  ) -> Bool {
    guard let value = fields.value(field) else { return false }
    guard value.isShortName else { return otherIdentifier(key, field, value, &fields) }
    unsafe sink.paddedString(key, fields.bytes(of: value))
    return true
  }

  @inline(never) private mutating func otherIdentifier(
    _ key: StaticString, _ field: Field, _ value: FieldValue, _ fields: inout FrameFields
  ) -> Bool {
    guard isNameable(value) else { return fields.refuse(field) ?? false }
    sink.literal(key)
    otherName(value, &fields)
    return true
  }

  mutating func member(_ key: StaticString, _ field: Field, _ fields: inout FrameFields) {
    guard let value = fields.value(field) else { return }
    guard isNameable(value) else { return fields.refuse(field) ?? () }
    sink.literal(key)
    name(value, &fields)
    sink.byte(UInt8(ascii: ","))
  }

  @inline(__always) private func isNameable(_ value: FieldValue) -> Bool {
    value.kind != FrameFields.Kind.yes && value.kind != FrameFields.Kind.no
  }

  /// A string that is an identifier, numbers as their digits; else `[REDACTED]`.
  @inline(never) mutating func name(_ value: FieldValue, _ fields: inout FrameFields) {
    if value.isShortName {
      unsafe sink.paddedString("", fields.bytes(of: value))
    } else {
      otherName(value, &fields)
    }
  }

  @inline(never) private mutating func otherName(
    _ value: FieldValue, _ fields: inout FrameFields
  ) {
    guard value.kind == FrameFields.Kind.string else {
      if value.kind == FrameFields.Kind.integer, value.integer >= Self.cardMin,
        unsafe isSecret(value.integer, named: UnsafeRawBufferPointer(start: nil, count: 0))
      {
        sink.literal("\"[REDACTED]\"")
        counters.redactedStrings += 1
        return
      }
      sink.byte(UInt8(ascii: "\""))
      number(value)
      sink.byte(UInt8(ascii: "\""))
      return
    }
    if isShown(value, &fields) {
      let isPlain = fields.flags(of: value) & cjson_flag_plain != 0
      unsafe sink.string(fields.bytes(of: value), isPlain: isPlain)
    } else {
      sink.literal("\"[REDACTED]\"")
      counters.redactedStrings += 1
    }
  }

  /// Whether a string is an identifier and hides no secret.
  mutating func isShown(_ value: FieldValue, _ fields: inout FrameFields) -> Bool {
    if value.isPlainName { return true }
    let flags = fields.flags(of: value)
    guard flags & cjson_flag_identifier != 0 else { return false }
    guard flags & cjson_flag_suspect != 0 else { return true }
    return unsafe !hidesSecret(fields.bytes(of: value))
  }

  /// Leaves the scrubbed text in `scratch`.
  private mutating func hidesSecret(_ text: UnsafeRawBufferPointer) -> Bool {
    scratch.removeAll(keepingCapacity: true)
    return unsafe redactor.scrub(text, into: &scratch) > 0
  }

  /// Leaves the scrubbed path in `scratch`: scrubbed whole, then key by key, since a number behind a dot is none.
  private mutating func pathHidesSecret(_ path: UnsafeRawBufferPointer) -> Bool {
    var count = unsafe hidesSecret(path) ? 1 : 0
    let keys = scratch.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    scratch.removeAll(keepingCapacity: true)
    for (index, key) in keys.enumerated() {
      if index > 0 { scratch.append(UInt8(ascii: ".")) }
      count += unsafe key.withUnsafeBytes { unsafe redactor.scrub($0, into: &scratch) }
    }
    return count > 0 || (unsafe endHidesSecret(path))
  }

  /// A key may have dots of its own, and be a number with dots: "6011.5749.1186.2520" behind the keys before it.
  private mutating func endHidesSecret(_ path: UnsafeRawBufferPointer) -> Bool {
    for dot in path.indices.reversed().prefix(Self.dottedKeyBytesMax)
    where unsafe path[dot] == UInt8(ascii: ".") {
      if unsafe hidesSecret(UnsafeRawBufferPointer(rebasing: path[(dot + 1)...])) {
        scratch = unsafe Array(path[...dot]) + scratch
        return true
      }
    }
    return false
  }
  private static let dottedKeyBytesMax = 64

  /// A JSON number or boolean.
  mutating func number(_ value: FieldValue) {
    switch value.kind {
    case FrameFields.Kind.integer: sink.integer(value.integer)
    case FrameFields.Kind.large: sink.unsigned(UInt64(bitPattern: value.integer))
    case FrameFields.Kind.double: sink.double(value.number)
    case FrameFields.Kind.yes: sink.literal("true")
    default: sink.literal("false")
    }
  }

  /// A name that the request or the configuration gave, checked when it was.
  mutating func given(_ key: StaticString, _ name: [UInt8]?) {
    guard let name else { return }
    sink.literal(key)
    sink.byte(UInt8(ascii: "\""))
    sink.raw(name)
    sink.byte(UInt8(ascii: "\""))
  }

  @inline(__always) mutating func integer(_ key: StaticString, _ value: Int64?) {
    guard let value else { return }
    sink.literal(key)
    sink.integer(value)
  }

  @inline(__always) mutating func list(
    _ key: StaticString, _ field: Field, _ fields: inout FrameFields
  ) {
    if fields.listCount > 0 { elements(key, field, &fields) }
  }

  @inline(never) private mutating func elements(
    _ key: StaticString, _ field: Field, _ fields: inout FrameFields
  ) {
    var isOpen = false
    for index in 0..<fields.leafCount {
      let value = fields.leaf(index)
      guard value.slot == field.rawValue else { continue }
      if isOpen {
        sink.byte(UInt8(ascii: ","))
      } else {
        sink.literal(key)
        sink.byte(UInt8(ascii: "["))
        isOpen = true
      }
      name(value, &fields)
    }
    if isOpen { sink.byte(UInt8(ascii: "]")) }
  }

  /// As it is, or its keyed hash; whether that one.
  mutating func user(_ fields: inout FrameFields) -> Bool {
    guard rules.userIds == .hmac, let value = fields.value(.userId) else {
      identifier(",\"user_id\":", .userId, &fields)
      return false
    }
    guard isNameable(value) else { return fields.refuse(.userId) ?? false }
    sink.literal(",\"user_id\":\"")
    if value.kind == FrameFields.Kind.string {
      sink.raw(unsafe hasher.hash(fields.bytes(of: value)))
    } else {
      // A number is hashed as its digits, so that 7 and "7" are one user.
      let mark = sink.count
      number(value)
      let hash = unsafe hasher.hash(UnsafeRawBufferPointer(rebasing: sink.bytes[mark...]))
      sink.rollBack(to: mark)
      sink.raw(hash)
    }
    sink.byte(UInt8(ascii: "\""))
    return true
  }

  mutating func address(_ fields: inout FrameFields) {
    guard let value = fields.value(.clientIp) else { return }
    guard value.kind == FrameFields.Kind.string,
      let address = unsafe IpAddress(fields.bytes(of: value))
    else { return fields.refuse(.clientIp) ?? () }
    let key: StaticString = ",\"client_ip\":"
    if rules.addresses == .keep, !value.isAuxiliary {
      return unsafe sink.paddedString(key, fields.bytes(of: value))
    }
    sink.literal(key)
    sink.byte(UInt8(ascii: "\""))
    switch rules.addresses {
    case .keep: unsafe sink.raw(fields.bytes(of: value))
    case .truncate: address.writeNetwork(to: &sink)
    }
    sink.byte(UInt8(ascii: "\""))
  }

  /// All that no field took, one flat level: dots in a key stand for the sender's nesting.
  ///
  /// Flat, because `flattened` and `flat_object` read dots so anyway, and depth is then no limit.
  mutating func extra(_ fields: inout FrameFields) {
    guard fields.leafCount > 0 || fields.unreadable != 0 else { return }
    let mark = sink.count
    sink.literal(",\"extra\":{")
    let first = sink.count
    var scrubbedPaths: Set<[UInt8]> = []
    for index in 0..<fields.leafCount {
      let value = fields.leaf(index)
      guard value.slot == UInt8(cjson_no_slot), value.kind != 0 else { continue }
      if value.isContent, meaning.content == .drop { continue }
      let path = unsafe fields.path(ofLeaf: index)
      if value.isPathSuspect, unsafe pathHidesSecret(path) {
        // Two may read alike now, and a document must not hold a key twice: the first stays.
        guard scrubbedPaths.insert(scratch).inserted else { continue }
        unsafe scratch.withUnsafeBytes { unsafe sink.string($0, isPlain: true) }
      } else {
        unsafe sink.string(path, isPlain: true)
      }
      sink.byte(UInt8(ascii: ":"))
      unsafe leafValue(value, named: path, &fields)
      sink.byte(UInt8(ascii: ","))
    }
    if fields.unreadable != 0 { unreadables(&fields) }
    sink.closeObject(openedAt: mark, firstMemberAt: first)
  }

  private mutating func leafValue(
    _ value: FieldValue, named path: UnsafeRawBufferPointer, _ fields: inout FrameFields
  ) {
    switch value.kind {
    case FrameFields.Kind.string where value.isContent: sink.literal("\"[REDACTED]\"")
    case FrameFields.Kind.string: name(value, &fields)
    case FrameFields.Kind.array:
      sink.literal("\"[array ")
      sink.integer(value.integer)
      sink.literal("]\"")
    case FrameFields.Kind.integer where value.integer >= Self.secretNumberMin:
      if unsafe isSecret(value.integer, named: path) {
        sink.literal("\"[REDACTED]\"")
        counters.redactedStrings += 1
      } else {
        number(value)
      }
    default: number(value)
    }
  }

  /// A card's number has at least 13 digits.
  private static let cardMin: Int64 = 1_000_000_000_000
  /// A telephone's number has at least seven digits.
  private static let secretNumberMin: Int64 = 1_000_000

  /// Whether a number that no field knows is a payment card's, or what its key says: a telephone's, a social security
  /// number.
  private mutating func isSecret(_ number: Int64, named path: UnsafeRawBufferPointer) -> Bool {
    let end = unsafe Array(path.suffix(64))
    let text = (end.split(separator: UInt8(ascii: ".")).last ?? []) + Array(": \(number)".utf8)
    return unsafe text.withUnsafeBytes { unsafe hidesSecret($0) }
  }

  /// Known fields whose values are not of their type, under the path they came by.
  private mutating func unreadables(_ fields: inout FrameFields) {
    for field in Field.allCases where fields.unreadable & field.bit != 0 {
      let value = fields.unreadableValue(field)
      let path = FieldTable.dottedPaths[value.row]
      if isTaken(path, fields) { continue }
      sink.byte(UInt8(ascii: "\""))
      sink.raw(path)
      sink.literal("\":")
      // Short words like "N/A" say why; anything longer may be text.
      if value.kind == FrameFields.Kind.string, value.textCount > 32 {
        sink.literal("\"[REDACTED]\"")
      } else {
        unsafe path.withUnsafeBytes { unsafe leafValue(value, named: $0, &fields) }
      }
      sink.byte(UInt8(ascii: ","))
    }
  }

  /// Whether a leaf has that path already.
  private func isTaken(_ path: [UInt8], _ fields: FrameFields) -> Bool {
    (0..<fields.leafCount).contains { unsafe fields.path(ofLeaf: $0).isEqual(to: path) }
  }
}

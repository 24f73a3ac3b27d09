import CSimdjson

/// The fields of one frame, read as their types. Valid until the walker reads the next frame.
///
/// What can not be read as its type is remembered in ``unreadable``: it goes to `extra`.
@safe struct FrameFields {
  private let slots: UnsafePointer<cjson_value>
  private let leaves: UnsafePointer<cjson_leaf>
  private let text: UnsafePointer<UInt8>?
  private let auxiliary: UnsafePointer<UInt8>?
  private let contentStart: UnsafePointer<UInt8>?
  private let contentLength: Int
  private let present: UInt64
  let leafCount: Int
  let traits: FieldRow.Traits
  private(set) var unreadable: UInt64 = 0

  /// Whole numbers beyond this were rounded by whoever wrote them as a Double.
  private static let exactMax: Int64 = 1 << 53
  private static let millisecondsMax = 1e12

  init(walker: OpaquePointer, frame: cjson_frame) {
    unsafe slots = cjson_walker_slots(walker)
    unsafe leaves = cjson_walker_leaves(walker)
    unsafe text = cjson_walker_text(walker)
    unsafe auxiliary = cjson_walker_auxiliary(walker)
    unsafe contentStart = cjson_walker_content(walker)
    contentLength = frame.content_length
    present = frame.present
    leafCount = Int(frame.leaf_count)
    traits = FieldRow.Traits(rawValue: frame.markers)
  }

  /// All content strings, each behind its length.
  var content: UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(start: contentStart, count: contentLength)
  }

  @inline(__always) func has(_ field: Field) -> Bool {
    present & field.bit != 0 && unreadable & field.bit == 0
  }

  /// The scalar of a field, unless it was found unreadable.
  @inline(__always) func value(_ field: Field) -> cjson_value? {
    has(field) ? unsafe slots[Int(field.rawValue)] : nil
  }

  /// The scalar of an unreadable field.
  func unreadableValue(_ field: Field) -> cjson_value { unsafe slots[Int(field.rawValue)] }

  func leaf(_ index: Int) -> cjson_leaf { unsafe leaves[index] }

  func bytes(of value: cjson_value) -> UnsafeRawBufferPointer {
    let isAuxiliary = value.flags & UInt8(cjson_flag_aux) != 0
    let base = unsafe isAuxiliary ? auxiliary : text
    return unsafe UnsafeRawBufferPointer(
      start: base.map { unsafe $0 + Int(value.text_offset) }, count: Int(value.text_length))
  }

  func path(of leaf: cjson_leaf) -> UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(
      start: auxiliary.map { unsafe $0 + Int(leaf.path_offset) }, count: Int(leaf.path_length))
  }

  /// What the table says of the path that filled a field.
  func traits(of field: Field) -> FieldRow.Traits {
    guard let value = value(field) else { return [] }
    return FieldTable.traits[Int(value.row)]
  }

  /// A count of tokens: whole, not negative, at most 2^53.
  mutating func count(_ field: Field) -> Int64? { integer(field, in: 0...Self.exactMax) }

  mutating func integer(_ field: Field, in range: ClosedRange<Int64>) -> Int64? {
    guard let value = value(field) else { return nil }
    if let read = whole(value), range.contains(read) { return read }
    return refuse(field)
  }

  mutating func number(_ field: Field, in range: ClosedRange<Double>) -> Double? {
    guard let value = value(field) else { return nil }
    if let read = double(value), range.contains(read) { return read }
    return refuse(field)
  }

  mutating func milliseconds(_ field: Field) -> Double? {
    number(field, in: 0...Self.millisecondsMax)
  }

  mutating func flag(_ field: Field) -> Bool? {
    guard let value = value(field) else { return nil }
    switch value.kind {
    case Kind.yes: return true
    case Kind.no: return false
    case Kind.string where unsafe bytes(of: value).equalsIgnoringCase("true"): return true
    case Kind.string where unsafe bytes(of: value).equalsIgnoringCase("false"): return false
    default: return refuse(field)
    }
  }

  mutating func time(_ field: Field) -> EventTime? {
    guard let value = value(field) else { return nil }
    let read: EventTime? =
      switch value.kind {
      case Kind.integer: EventTime(epoch: value.integer)
      case Kind.double: EventTime(epoch: value.number)
      case Kind.string: unsafe EventTime(bytes(of: value))
      default: nil
      }
    return read ?? refuse(field)
  }

  /// An amount of money in 1e-12 USD.
  mutating func picoUsd(_ field: Field) -> Int64? {
    guard let value = value(field) else { return nil }
    var read: Int64?
    switch value.kind {
    case Kind.integer:
      let (product, overflows) = value.integer.multipliedReportingOverflow(by: 1_000_000_000_000)
      read = overflows ? nil : product
    case Kind.double:
      read = unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { buffer in
        guard let start = buffer.baseAddress else { return nil }
        let count = unsafe cjson_write_double(start, value.number)
        return unsafe DecimalText.picoUsd(UnsafeRawBufferPointer(start: start, count: count))
      }
    case Kind.string: read = unsafe DecimalText.picoUsd(bytes(of: value))
    default: break
    }
    if let read, read >= 0 { return read }
    return refuse(field)
  }

  /// Its value goes to `extra` instead.
  mutating func refuse<T>(_ field: Field) -> T? {
    unreadable |= field.bit
    return nil
  }

  private func whole(_ value: cjson_value) -> Int64? {
    switch value.kind {
    case Kind.integer: return value.integer
    case Kind.double: return Int64(exactly: value.number)
    case Kind.string:
      let digits = unsafe bytes(of: value)
      if let read = unsafe NumberText.integer(digits) { return read }
      return unsafe NumberText.double(digits).flatMap { Int64(exactly: $0) }
    default: return nil
    }
  }

  private func double(_ value: cjson_value) -> Double? {
    switch value.kind {
    case Kind.integer: Double(value.integer)
    case Kind.double: value.number
    case Kind.string: unsafe NumberText.double(bytes(of: value))
    default: nil
    }
  }

  /// The kinds of `cjson_value`.
  enum Kind {
    static let string = UInt8(ascii: "s")
    static let integer = UInt8(ascii: "i")
    static let large = UInt8(ascii: "u")
    static let double = UInt8(ascii: "d")
    static let yes = UInt8(ascii: "t")
    static let no = UInt8(ascii: "f")
    static let array = UInt8(ascii: "a")
  }
}

extension cjson_value {
  var isPlain: Bool { flags & UInt8(cjson_flag_plain) != 0 }
  var isIdentifier: Bool { flags & UInt8(cjson_flag_identifier) != 0 }
  var isSuspect: Bool { flags & UInt8(cjson_flag_suspect) != 0 }
  /// Of a leaf: a key on its path may be a secret.
  var isPathSuspect: Bool { flags & UInt8(cjson_flag_suspect_path) != 0 }
  var isContent: Bool { flags & UInt8(cjson_flag_content) != 0 }
}

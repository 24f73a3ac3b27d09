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
  let leafCount: Int
  /// Of the leaves: elements of lists.
  let listCount: Int
  let traits: FieldRow.Traits
  /// The fields with a value that was not found unreadable, a bit each.
  private var readable: UInt64
  private(set) var unreadable: UInt64 = 0

  /// Whole numbers beyond this were rounded by whoever wrote them as a Double.
  private static let exactMax: Int64 = 1 << 53
  private static let millisecondsMax = 1e12

  @inline(__always)
  init(_ tables: UnsafePointer<cjson_tables>, frame: UnsafePointer<cjson_frame>) {
    unsafe slots = tables.pointee.slots
    unsafe leaves = tables.pointee.leaves
    unsafe text = tables.pointee.text
    unsafe auxiliary = tables.pointee.auxiliary
    unsafe contentStart = tables.pointee.content
    unsafe contentLength = frame.pointee.content_length
    unsafe readable = frame.pointee.present
    unsafe leafCount = Int(frame.pointee.leaf_count)
    unsafe listCount = Int(frame.pointee.list_count)
    unsafe traits = FieldRow.Traits(rawValue: frame.pointee.markers)
  }

  /// All content strings, each behind its length.
  var content: UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(start: contentStart, count: contentLength)
  }

  /// Whether the frame brought a value of that field, readable or not.
  func isPresent(_ field: Field) -> Bool { (readable | unreadable) & field.bit != 0 }

  @inline(__always) func has(_ field: Field) -> Bool {
    readable & field.bit != 0
  }

  /// The scalar of a field, unless it was found unreadable.
  @inline(__always) func value(_ field: Field) -> FieldValue? {
    has(field) ? unreadableValue(field) : nil
  }

  /// The scalar of an unreadable field.
  @inline(__always) func unreadableValue(_ field: Field) -> FieldValue {
    unsafe FieldValue(slots + Int(field.rawValue))
  }

  func leaf(_ index: Int) -> FieldValue { unsafe FieldValue(leaves + index) }

  @inline(__always) func bytes(of value: FieldValue) -> UnsafeRawBufferPointer {
    let base = unsafe value.isAuxiliary ? auxiliary : text
    return unsafe UnsafeRawBufferPointer(
      start: base.map { unsafe $0 + value.textOffset }, count: value.textCount)
  }

  /// The path of a leaf.
  func path(ofLeaf index: Int) -> UnsafeRawBufferPointer {
    let (offset, count) = unsafe (leaves[index].path_offset, leaves[index].path_length)
    return unsafe UnsafeRawBufferPointer(
      start: auxiliary.map { unsafe $0 + Int(offset) }, count: Int(count))
  }

  /// How a string may be used: `cjson_flag_plain`, `cjson_flag_identifier`, `cjson_flag_suspect`.
  func flags(of value: FieldValue) -> Int {
    guard value.isUnclassed else { return Int(value.flags) }
    let text = unsafe bytes(of: value)
    guard let start = text.baseAddress else { return Int(value.flags) }
    return unsafe Int(cjson_classify(start.assumingMemoryBound(to: UInt8.self), text.count))
  }

  /// Whether the table says so of the path that filled a field; most frames have no such path at all.
  @inline(__always) func has(_ trait: FieldRow.Traits, of field: Field) -> Bool {
    guard traits.contains(trait), let value = value(field) else { return false }
    return FieldTable.traits[value.row].contains(trait)
  }

  // What most events bring is read where it is asked for, most of all nothing; what is left has a function of its own.

  /// A count of tokens: whole, not negative, at most 2^53.
  @inline(__always) mutating func count(_ field: Field) -> Int64? {
    integer(field, in: 0...Self.exactMax)
  }

  @inline(__always)
  mutating func integer(_ field: Field, in range: ClosedRange<Int64>) -> Int64? {
    guard let value = value(field) else { return nil }
    if value.kind == Kind.integer, range.contains(value.integer) { return value.integer }
    return otherInteger(field, value, range)
  }

  @inline(never)
  private mutating func otherInteger(
    _ field: Field, _ value: FieldValue, _ range: ClosedRange<Int64>
  ) -> Int64? {
    if let read = whole(value), range.contains(read) { return read }
    return refuse(field)
  }

  @inline(__always)
  mutating func number(_ field: Field, in range: ClosedRange<Double>) -> Double? {
    guard let value = value(field) else { return nil }
    if value.kind == Kind.double, range.contains(value.number) { return value.number }
    return otherNumber(field, value, range)
  }

  @inline(never)
  private mutating func otherNumber(
    _ field: Field, _ value: FieldValue, _ range: ClosedRange<Double>
  ) -> Double? {
    if let read = double(value), range.contains(read) { return read }
    return refuse(field)
  }

  @inline(__always) mutating func milliseconds(_ field: Field) -> Double? {
    number(field, in: 0...Self.millisecondsMax)
  }

  @inline(__always) mutating func flag(_ field: Field) -> Bool? {
    guard let value = value(field) else { return nil }
    return readFlag(field, value)
  }

  @inline(never) private mutating func readFlag(_ field: Field, _ value: FieldValue) -> Bool? {
    // Which of them nobody can foretell: no branch between the two.
    if value.kind == Kind.yes || value.kind == Kind.no { return value.kind == Kind.yes }
    switch value.kind {
    case Kind.string where unsafe bytes(of: value).equalsIgnoringCase("true"): return true
    case Kind.string where unsafe bytes(of: value).equalsIgnoringCase("false"): return false
    default: return refuse(field)
    }
  }

  @inline(__always) mutating func time(_ field: Field) -> EventTime? {
    guard let value = value(field) else { return nil }
    return readTime(field, value)
  }

  @inline(never)
  private mutating func readTime(_ field: Field, _ value: FieldValue) -> EventTime? {
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
  @inline(__always) mutating func picoUsd(_ field: Field) -> Int64? {
    guard let value = value(field) else { return nil }
    return readPicoUsd(field, value)
  }

  @inline(never)
  private mutating func readPicoUsd(_ field: Field, _ value: FieldValue) -> Int64? {
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
    readable &= ~field.bit
    unreadable |= field.bit
    return nil
  }

  private func whole(_ value: FieldValue) -> Int64? {
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

  private func double(_ value: FieldValue) -> Double? {
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

/// Where the next byte goes within room that a ``ByteSink`` made beforehand, see ``ByteSink/begin(atMost:)``.
///
/// What a document says in one go asks for room once, and its place stays in a register meanwhile. How much each of these
/// takes at most counts towards the room; ``ByteSink/end(_:)`` checks that it was enough.
@safe struct SinkCursor {
  private(set) var place: UnsafeMutablePointer<UInt8>

  init(_ place: UnsafeMutablePointer<UInt8>) { unsafe self.place = place }

  /// Passes over what its caller wrote.
  @inline(__always) mutating func advance(by bytes: Int) { unsafe place += bytes }

  @inline(__always) mutating func byte(_ value: UInt8) {
    unsafe place.pointee = value
    advance(by: 1)
  }

  /// Inlined, so that its length is known and no call is made for a few bytes.
  @inline(__always) mutating func literal(_ text: StaticString) {
    let length = text.utf8CodeUnitCount
    unsafe UnsafeMutableRawPointer(place).copyMemory(from: text.utf8Start, byteCount: length)
    advance(by: length)
  }

  /// `source` has as many bytes or more.
  @inline(__always) mutating func copy(_ source: UnsafeRawBufferPointer, count: Int) {
    guard let start = source.baseAddress else { return }
    unsafe UnsafeMutableRawPointer(place).copyMemory(from: start, byteCount: count)
    advance(by: count)
  }

  @inline(__always) mutating func integer(_ key: StaticString, _ value: Int64?) {
    guard let value else { return }
    literal(key)
    integer(value)
  }

  /// A member, with the comma behind it.
  @inline(__always) mutating func memberInteger(_ key: StaticString, _ value: Int64?) {
    guard let value else { return }
    integer(key, value)
    byte(UInt8(ascii: ","))
  }

  @inline(__always) mutating func integer(_ value: Int64) {
    if value < 0 { byte(UInt8(ascii: "-")) }
    advance(by: unsafe DigitText.write(value.magnitude, to: place))
  }

  @inline(__always) mutating func flag(_ key: StaticString, _ value: Bool?) {
    guard let value else { return }
    literal(key)
    // Both at once, since nobody can foretell which.
    let word: UInt64 = value ? 0x65_7572_74 : 0x65_736c_6166
    unsafe UnsafeMutableRawPointer(place).storeBytes(of: word.littleEndian, as: UInt64.self)
    advance(by: value ? 4 : 5)
  }

  @inline(__always) mutating func double(_ key: StaticString, _ value: Double?) {
    guard let value else { return }
    literal(key)
    advance(by: unsafe NumberText.write(value, to: place))
  }

  /// An amount in 1e-12 USD.
  @inline(__always) mutating func amount(_ key: StaticString, _ picoUsd: Int64?) {
    guard let picoUsd else { return }
    literal(key)
    advance(by: unsafe DecimalText.write(picoUsd: picoUsd, to: place))
  }

  /// Turns the comma behind an object's last member into its end, or takes the whole object back when it has none.
  @inline(__always) mutating func closeObject(
    openedAt mark: UnsafeMutablePointer<UInt8>, firstMemberAt first: UnsafeMutablePointer<UInt8>
  ) {
    guard unsafe place > first else { return unsafe place = mark }
    unsafe (place - 1).pointee = UInt8(ascii: "}")
  }
}

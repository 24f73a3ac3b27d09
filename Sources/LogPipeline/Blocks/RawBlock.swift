/// Ready bulk lines on their way from an intake to the ring: `{"create":{...}}\n{document}\n`, again and again.
///
/// At most ``rawBytesMax`` unless it holds a single larger event. The same bytes serve disk and wire.
package struct RawBlock: Sendable {
  /// 256 KiB: compressed alone it costs 1 % against 1 MiB blocks (measured).
  package static let rawBytesMax = 256 << 10
  /// Of a single event, both lines with their ends. What is larger is refused before it comes here.
  package static let eventBytesMax = (4 << 20) + (64 << 10)

  package var bytes: [UInt8]
  package var items: [BlockItem]
  /// Which intake filled it; that intake learns when it is durable.
  package let intake: Int
  /// Ascends by one with each block of an intake, from 1.
  package let ticket: UInt64
  /// Where its source stood after this block's last event, for sources that can be read again (replay); else nil.
  package var sourceOffsetBytes: UInt64?
  /// Somebody waits for it to be durable; else its commit may wait for company.
  package var isAwaited = true

  package init(
    bytes: [UInt8], items: [BlockItem], intake: Int, ticket: UInt64,
    sourceOffsetBytes: UInt64? = nil
  ) {
    self.bytes = bytes
    self.items = items
    self.intake = intake
    self.ticket = ticket
    self.sourceOffsetBytes = sourceOffsetBytes
  }
}

/// What became of one frame, and what of: kept by the event path itself, for a person who asks.
struct EventAccount {
  /// A field that the frame brought, under one of its names.
  struct Reading {
    let field: Field
    /// Keys joined by dots.
    let path: String
    let traits: FieldRow.Traits
    /// False: not of its type, so it went to `extra`.
    let isReadable: Bool
  }

  /// What an event became.
  struct Outcome {
    /// Both lines as they would be stored, without their ends.
    let action: [UInt8]
    let document: [UInt8]
    let shape: EventFacts.Shape
    let readings: [Reading]
    let call: PricedCall
    let isCacheHit: Bool
    /// Strings of content, of which only the hash is kept.
    let contentStrings: Int
    /// What this event added to the counters.
    let counts: EventCounters
  }

  /// The frame's bytes, as they came.
  let frame: [UInt8]
  let number: UInt64
  let outcome: Outcome?
  /// Why there is no event.
  let refusal: Refusal?
}

/// What makes documents of frames, as the inputs see it: one per intake thread.
///
/// The inputs know frames, not events: this is all they ask of the next stage.
package protocol FrameProcessing: AnyObject {
  associatedtype Unit: FrameCounting
  associatedtype Builder: BlockBuilding

  /// Whole lines; the last one needs no newline. `bytes.count + 64` bytes must be readable.
  func process(
    lines bytes: UnsafeRawBufferPointer, unit: Unit, into builder: Builder,
    refuse: (Refusal) -> Void
  ) -> (accepted: Int, refused: Int)

  /// One frame; the same padding. True when it was taken.
  func process(
    frame bytes: UnsafeRawBufferPointer, unit: Unit, into builder: Builder,
    refuse: (Refusal) -> Void
  ) -> Bool
}

/// What a connection's, body's or file's frames have in common: their source and how often each occurred.
package protocol FrameCounting: AnyObject {
  init(source: SourceContext, keepsAllOccurrences: Bool)
  /// Frames seen so far, blank lines not counted.
  var frameCount: UInt64 { get }
}

/// Where documents gather until their block goes to the sink.
package protocol BlockBuilding: AnyObject {
  var openItemCount: Int { get }
  /// The ticket of the block that holds the newest document; 0: none yet.
  var lastTicketWithItems: UInt64 { get }
  /// Full blocks, oldest first; the intake takes them out.
  var sealed: [RawBlock] { get set }
  /// The open block, if it holds anything, becomes the last of `sealed`.
  func seal()
}

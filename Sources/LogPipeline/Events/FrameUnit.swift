import CSimdjson

/// What one connection, webhook body or file has brought so far: equal frames are told apart within it.
///
/// Lives on one thread, with the ``EventProcessor`` that fills it.
package final class FrameUnit {
  /// Equal frames of a connection or file are counted among this many last ones.
  package static let windowFrames = 1024
  /// The bound for a webhook body, which counts whole.
  package static let bodyFramesMax = 262_144

  package let source: SourceContext
  /// Non-blank frames seen so far, refused ones too.
  package var frameCount: UInt64 {
    get { tally.frames }
    set { tally.frames = newValue }
  }
  /// Lines seen so far, blank ones too: a frame of a file that has no time of its own is told from its
  /// equals by its line number in the decompressed content.
  package var lineCount: UInt64 {
    get { tally.lines }
    set { tally.lines = newValue }
  }
  /// One value: exclusive access to it is checked once for a whole buffer of lines.
  var tally: FrameTally
  /// What became of its frames, as far as ``count(accepted:refused:)`` was told.
  private(set) var accepted: UInt64 = 0
  private(set) var refused: UInt64 = 0
  /// Frames that were refused before the processor saw them; ``frameCount`` does not count them.
  private(set) var skipped: UInt64 = 0
  /// Looked up for the first event; the same for all of them.
  var meaning: SourceMeaning?
  /// Of the rules it was looked up in.
  var meaningGeneration = 0
  /// Names that came with the request, fit for a document as they are; nil when they are no names.
  let environment: [UInt8]?
  let teamId: [UInt8]?
  let teamIdClaimed: [UInt8]?
  /// Of files: equal frames without a time, on the same line of two generations, are two events.
  let generation: UInt64

  /// - Parameters:
  ///   - source: where its frames come from.
  ///   - keepsAllOccurrences: true for webhook bodies, whose frames count whole (to ``bodyFramesMax``).
  ///   - linesBefore: lines of the file before the first one this unit gets (a resumed replay).
  ///   - generation: tells files apart that are followed; a replayed file has none of its own.
  package init(
    source: SourceContext, keepsAllOccurrences: Bool, linesBefore: UInt64 = 0,
    generation: UInt64 = 1
  ) {
    self.source = source
    self.generation = generation
    environment = Self.name(source.environment)
    teamId = Self.name(source.teamId)
    teamIdClaimed = Self.name(source.teamIdClaimed)
    tally = FrameTally(
      lines: linesBefore,
      window: OccurrenceWindow(
        framesMax: keepsAllOccurrences ? Self.bodyFramesMax : Self.windowFrames))
  }

  /// What the window holds now, for the input budget.
  package var memoryBytes: Int { tally.window.memoryBytes }

  func count(accepted: Int, refused: Int) {
    self.accepted += UInt64(accepted)
    self.refused += UInt64(refused)
  }

  /// A frame was refused that the processor never sees.
  func countSkipped() {
    skipped += 1
    refused += 1
  }

  /// Its next frame comes soon.
  func expectFrame() { tally.window.expectFrame() }

  /// The unit is over: its window's memory is given back.
  package func forgetFrames() { tally.window.removeAll() }

  /// Whether a document takes the text as a name of an environment or a team.
  package static func isName(_ text: String) -> Bool { name(text) != nil }

  /// A header can hold anything: what is no plain identifier, or hides a secret, is left out.
  private static func name(_ text: String?) -> [UInt8]? {
    guard let text, !text.isEmpty else { return nil }
    let bytes = Array(text.utf8)
    let flags = Int(unsafe cjson_classify(bytes, bytes.count))
    guard flags & cjson_flag_plain != 0, flags & cjson_flag_identifier != 0 else { return nil }
    var scrubbed: [UInt8] = []
    return unsafe bytes.withUnsafeBytes { unsafe Redactor().scrub($0, into: &scrubbed) } == 0
      ? bytes : nil
  }
}

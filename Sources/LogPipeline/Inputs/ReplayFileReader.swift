/// Reads one file from where its checkpoint stands to its end, into the window; lives on the reader's thread.
final class ReplayFileReader {
  private let content: InputFileContent
  private let file: Int
  private let checkpoint: ReplayCheckpoint
  private let window: ReplayWindow
  private let processor: any FrameProcessing
  private let configuration: ReplayConfiguration
  private let deflater: PieceDeflater
  private let source: SourceContext
  private let refuse: (Refusal, SourceContext) -> Void

  /// Where the reader stands: what is before it went into the window or was settled in an earlier run.
  private(set) var mark: ReplayMark
  /// What this run took in and refused.
  private(set) var events: UInt64 = 0
  private(set) var refused: UInt64 = 0
  /// Events in blocks that were handed to the window.
  private var sealedEvents: UInt64
  private let builder = BlockBuilder(intake: 0)

  init(
    _ content: InputFileContent, file: Int, checkpoint: ReplayCheckpoint, window: ReplayWindow,
    processor: any FrameProcessing, configuration: ReplayConfiguration,
    refuse: @escaping (Refusal, SourceContext) -> Void
  ) {
    (self.content, self.file, self.checkpoint, self.window) = (content, file, checkpoint, window)
    (self.processor, self.configuration, self.refuse) = (processor, configuration, refuse)
    deflater = PieceDeflater(configuration.compression)
    source = SourceContext(input: .file, peer: content.name)
    mark = checkpoint.earlier.mark
    sealedEvents = checkpoint.earlier.mark.events
  }

  /// Hands over all that is left of the file.
  ///
  /// - Parameter onProgress: called after each piece; answers false to stop.
  /// - Returns: false when it was stopped, or the window aborted.
  /// - Throws: ``InputFileError``; what came before the fault is in the window.
  func readAll(_ onProgress: () -> Bool) throws(InputFileError) -> Bool {
    let intake = try startIntake()
    let reader = LineReader(content, lineMaxBytes: configuration.lineMaxBytes)
    reader.boundaryOffsetBytes = mark.offsetBytes
    var hasWarned = false
    while true {
      let outcome: LineReader.Outcome
      do throws(InputFileError) {
        outcome = try reader.read { take($0, intake) && onProgress() }
      } catch {
        _ = sealAndPut()
        throw error
      }
      if reader.startsWithUtf16Mark, !hasWarned {
        hasWarned = true
        Log.error(
          "The file is UTF-16; its lines are refused. Convert it: iconv -f UTF-16 -t UTF-8.",
          ("file", content.name))
      }
      switch outcome {
      case .more: continue
      case .stopped:
        _ = sealAndPut()
        return false
      case .ended:
        guard sealAndPut() else { return false }
        mark.fileOffsetBytes = content.fileOffsetBytes
        window.note(mark, file: file, isFileEnd: true)
        return true
      }
    }
  }

  /// The frames before the settled place are read again by the same unit, so that equal ones keep their ids.
  private func startIntake() throws(InputFileError) -> LineIntake {
    var from = ReplayMark()
    if case .resume(let window, _) = checkpoint.start { from = window }
    guard try content.skip(to: from.offsetBytes) else {
      throw .shorterThanBefore(path: content.name, offsetBytes: mark.offsetBytes)
    }
    let unit = FrameUnit(
      source: source, keepsAllOccurrences: false, linesBefore: from.lines)
    unit.frameCount = from.frames
    return LineIntake(
      unit: unit, processor: processor, lineMaxBytes: configuration.lineMaxBytes,
      archived: LineIntake.ArchivedLines(
        indexName: configuration.indexName,
        day: InputFileArchivedLine.day(ofFileName: content.name)))
  }

  private func take(_ piece: LinePiece, _ intake: LineIntake) -> Bool {
    if piece.endOffsetBytes <= checkpoint.earlier.mark.offsetBytes {
      intake.take(piece, into: BlockBuilder(intake: 0)) { _ in }
      return true
    }
    if mark == checkpoint.earlier.mark, mark.isInsideLine {
      // The rest of a line that was counted when the file ended inside it.
      intake.unit.lineCount -= 1
    }
    let before = mark
    let (accepted, refused, hashed) = (intake.accepted, intake.refused, intake.hashed)
    intake.take(piece, into: builder) { refuse($0, source) }
    events += intake.accepted - accepted
    self.refused += intake.refused - refused
    guard putSealed(upTo: before) else { return false }
    // An unfinished last line that is no event may be finished when the file has grown: it is not passed.
    if piece.kind == .lastLine, intake.accepted == accepted { return true }
    mark.offsetBytes = piece.endOffsetBytes
    mark.fileOffsetBytes = content.fileOffsetBytes
    mark.lines = intake.unit.lineCount
    mark.frames = intake.unit.frameCount
    mark.events += intake.accepted - accepted
    mark.refused += intake.refused - refused
    mark.hashed += intake.hashed - hashed
    mark.isInsideLine = piece.kind == .lastLine
    if builder.openItemCount == 0 { window.note(mark, file: file, isFileEnd: false) }
    return true
  }

  private func sealAndPut() -> Bool {
    builder.seal()
    guard putSealed(upTo: mark) else { return false }
    window.note(mark, file: file, isFileEnd: false)
    return true
  }

  private func putSealed(upTo mark: ReplayMark) -> Bool {
    let blocks = builder.sealed
    builder.sealed = []
    for block in blocks {
      guard
        window.put(
          block, file: file, stream: checkpoint.stream, firstSequence: sealedEvents + 1,
          mark: mark, with: deflater)
      else { return false }
      sealedEvents += UInt64(block.items.count)
    }
    return true
  }
}

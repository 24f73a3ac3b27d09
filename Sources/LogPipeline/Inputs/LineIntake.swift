/// Gives pieces of lines of one content to the processor, on the reader's thread, and counts what became of them.
final class LineIntake {
  let unit: FrameUnit
  private(set) var accepted: UInt64 = 0
  private(set) var refused: UInt64 = 0
  /// Accepted by the processor: archived lines bring their id along.
  private(set) var hashed: UInt64 = 0

  private let processor: any FrameProcessing
  private let lineMaxBytes: Int
  private let archived: ArchivedLines?

  /// How finished documents of the archive are taken; replay alone does.
  struct ArchivedLines {
    let indexName: (Int32) -> String
    /// Of the file's name, when it has one.
    let day: Int32?
  }

  /// Without `archived`, lines of an archive are frames like any other (standard input).
  init(
    unit: FrameUnit, processor: any FrameProcessing, lineMaxBytes: Int, archived: ArchivedLines?
  ) {
    (self.unit, self.processor) = (unit, processor)
    (self.lineMaxBytes, self.archived) = (lineMaxBytes, archived)
  }

  func take(_ piece: LinePiece, into builder: BlockBuilder, refuse: (Refusal) -> Void) {
    if case .tooLong(let lengthBytes) = piece.kind {
      return refuseTooLong(lengthBytes, refuse)
    }
    if archived != nil,
      unsafe ByteScan.first(InputFileArchivedLine.beginning, in: piece.bytes) != nil
    {
      return unsafe takeLineByLine(piece.bytes, into: builder, refuse)
    }
    unsafe takeFrames(piece.bytes, into: builder, refuse)
  }

  private func takeFrames(
    _ bytes: UnsafeRawBufferPointer, into builder: BlockBuilder, _ refuse: (Refusal) -> Void
  ) {
    guard unsafe !bytes.isEmpty else { return }
    let counts = unsafe processor.process(lines: bytes, unit: unit, into: builder, refuse: refuse)
    accepted += UInt64(counts.accepted)
    hashed += UInt64(counts.accepted)
    refused += UInt64(counts.refused)
  }

  /// Archived lines go into the block as they are; the frames between them to the processor.
  private func takeLineByLine(
    _ bytes: UnsafeRawBufferPointer, into builder: BlockBuilder, _ refuse: (Refusal) -> Void
  ) {
    var framesAt = 0
    var at = 0
    while at < bytes.count {
      let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[at...])
      let lineEnd = unsafe ByteScan.first(0x0A, in: rest) ?? rest.count
      let line = unsafe UnsafeRawBufferPointer(rebasing: rest[..<lineEnd])
      let next = min(at + lineEnd + 1, bytes.count)
      if let archivedLine = unsafe InputFileArchivedLine(line) {
        unsafe takeFrames(
          UnsafeRawBufferPointer(rebasing: bytes[framesAt..<at]), into: builder, refuse)
        append(archivedLine, to: builder)
        framesAt = next
      }
      at = next
    }
    unsafe takeFrames(UnsafeRawBufferPointer(rebasing: bytes[framesAt...]), into: builder, refuse)
  }

  private func append(_ line: InputFileArchivedLine, to builder: BlockBuilder) {
    guard let archived else { return }
    let day = archived.day ?? line.day
    let bulkItem = line.bulkItem(index: archived.indexName(day))
    let item = BlockItem(
      fingerprint: line.fingerprint, rawLengthBytes: UInt32(bulkItem.count), day: day)
    unsafe bulkItem.withUnsafeBytes { unsafe builder.append(actionAndDocument: $0, item: item) }
    unit.frameCount += 1
    unit.lineCount += 1
    accepted += 1
  }

  private func refuseTooLong(_ lengthBytes: UInt64, _ refuse: (Refusal) -> Void) {
    unit.frameCount += 1
    unit.lineCount += 1
    refused += 1
    refuse(
      Refusal(
        reason: .tooLong, frame: unit.frameCount,
        message:
          "a line of \(lengthBytes) bytes, over the limit of \(lineMaxBytes); it was skipped",
        scrubbed: []))
  }
}

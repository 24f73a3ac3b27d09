import LogPipeline
import Synchronization

/// A processor that copies frames as they are and refuses what is no JSON object.
final class CopyingProcessor: FrameProcessing {
  /// Where the newest frame came from.
  let newestSource = Mutex<SourceContext?>(nil)

  func process(
    lines bytes: UnsafeRawBufferPointer, unit: FrameUnit, into builder: BlockBuilder,
    refuse: (Refusal) -> Void
  ) -> (accepted: Int, refused: Int) {
    var counts = (accepted: 0, refused: 0)
    var text = unsafe Array(bytes)
    if unit.frameCount == 0, text.starts(with: [0xEF, 0xBB, 0xBF]) { text.removeFirst(3) }
    for line in text.split(separator: 0x0A) {
      let frame = line.last == 0x0D ? line.dropLast() : line
      guard !frame.isEmpty else { continue }
      let isTaken = take(Array(frame), unit, builder, refuse)
      if isTaken { counts.accepted += 1 } else { counts.refused += 1 }
    }
    return counts
  }

  func process(
    frame bytes: UnsafeRawBufferPointer, unit: FrameUnit, into builder: BlockBuilder,
    refuse: (Refusal) -> Void
  ) -> Bool {
    // The padding must be readable.
    if let end = bytes.baseAddress { _ = unsafe (end + bytes.count + 63).load(as: UInt8.self) }
    return take(unsafe Array(bytes), unit, builder, refuse)
  }

  private func take(
    _ frame: [UInt8], _ unit: FrameUnit, _ builder: BlockBuilder, _ refuse: (Refusal) -> Void
  ) -> Bool {
    unit.frameCount += 1
    newestSource.withLock { $0 = unit.source }
    let number = unit.frameCount
    guard let value = try? JsonValue.parse(frame) else {
      refuse(Refusal(reason: .notJson, frame: number, message: "not JSON", scrubbed: []))
      return false
    }
    guard value.members != nil else {
      refuse(
        Refusal(reason: .notAnObject, frame: number, message: "not an object", scrubbed: []))
      return false
    }
    let line = frame + [0x0A]
    unsafe line.withUnsafeBytes { bytes in
      unsafe builder.append(
        actionAndDocument: bytes,
        item: BlockItem(fingerprint: 0, rawLengthBytes: UInt32(frame.count), day: 0))
    }
    return true
  }
}

import LogPipeline

/// Webhook bodies, cut into frames. However they come in pieces, the frames are the same, and each is in the body.
struct BodySurface: Surface {
  private static let frameBytesMax = 200

  private enum Cut: Equatable {
    case frame([UInt8])
    case tooLong
    case broken(String)
  }

  func run(_ input: [UInt8]) {
    guard let first = input.first else { return }
    let body = Array(input.dropFirst())
    let whole = cuts(of: body, pieces: body.count)
    require(cuts(of: body, pieces: Int(first % 17) + 1) == whole, "pieces change nothing")
    var at = 0
    for case .frame(let bytes) in whole {
      require(!bytes.isEmpty && bytes.count <= Self.frameBytesMax, "a frame is within the limit")
      while at + bytes.count <= body.count, Array(body[at..<at + bytes.count]) != bytes { at += 1 }
      require(at + bytes.count <= body.count, "frames stand in the body in their order")
      at += bytes.count
    }
  }

  /// Feeds the cutter as a connection does: what is not needed again is dropped before more comes.
  private func cuts(of body: [UInt8], pieces size: Int) -> [Cut] {
    var cutter = BodyCutter(frameBytesMax: Self.frameBytesMax)
    var cuts: [Cut] = []
    var held: [UInt8] = []
    var at = 0
    while true {
      let end = min(body.count, at + max(1, size))
      held += body[at..<end]
      at = end
      let isLast = at == body.count
      turn: while true {
        let cut = unsafe held.withUnsafeBytes { unsafe cutter.next(in: $0, isLast: isLast) }
        switch cut {
        case .frame(let range): cuts.append(.frame(Array(held[range])))
        case .tooLong: cuts.append(.tooLong)
        case .broken(let why): return cuts + [.broken(why)]
        case .ended: return cuts
        case .more(let keepFrom):
          require(!isLast, "a body that is over has no more")
          require(
            held.count - keepFrom <= Self.frameBytesMax + size + 3, "no more is kept than a frame")
          held.removeFirst(keepFrom)
          cutter.didDrop(keepFrom)
          break turn
        }
        require(cuts.count <= body.count + 1, "cutting ends")
      }
    }
  }
}

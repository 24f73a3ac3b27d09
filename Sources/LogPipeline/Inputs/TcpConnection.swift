/// One sender of JSON lines: reads what the desk has room for, keeps a partial line, skips one that is too long.
final class TcpConnection: ReadyHandler {
  private enum Phase: Equatable {
    /// TLS begins; it must be there by then.
    case handshaking(until: MonotonicTime)
    /// The first bytes may be another protocol's.
    case sniffing
    case lines
    /// Within a line over the limit, refused already: thrown away until its newline.
    case skippingLine
    /// Told to go away; what comes is thrown away until the sender closes, or this time.
    case draining(until: MonotonicTime)
  }

  let peer: String
  let host: String
  /// When something was last read.
  private(set) var lastActivity: MonotonicTime
  private(set) var receivedBytes = 0
  var stallWatch = StallWatch()
  /// nil while it is parked: out of the loop, so that the kernel's window closes and the sender waits.
  var token: EventLoop.Token?
  /// Its socket is reported once for what arrives: read until nothing is left.
  let isEdge: Bool
  /// A read that leaves room may have left something all the same.
  private var isDivided = false
  private unowned let input: TcpInput
  private let desk: IntakeDesk
  private let stream: TcpStream
  private let unit: FrameUnit
  private let partial = IntakeBuffer()
  private let partialAddress: ProcessorCache.Address
  private var firstBytes: [UInt8] = []
  private var phase: Phase
  /// Not looked at yet, and not known to be whole lines.
  private var readsUntaken = 0
  /// Others get their turn after so many reads.
  private static let readsPerTurnMax = 4
  private static let newline = UInt8(ascii: "\n")

  init(
    _ stream: TcpStream, peer: String, input: TcpInput, desk: IntakeDesk, now: MonotonicTime,
    handshakeMax: Duration
  ) {
    self.stream = stream
    phase = stream.isTls ? .handshaking(until: now + handshakeMax) : .sniffing
    // What TLS has read of the socket is not what it has given out.
    isEdge = !stream.isTls
    self.peer = peer
    self.input = input
    self.desk = desk
    host = TcpSocket.host(ofPeer: peer)
    lastActivity = now
    unit = desk.makeUnit(source: SourceContext(input: .tcp, peer: peer), isBody: false)
    partialAddress = ProcessorCache.Address(of: partial)
  }

  var raw: Int32 { stream.raw }
  var isHandshaking: Bool { if case .handshaking = phase { true } else { false } }
  /// Nobody else reports what it still has to read.
  var hasMore: Bool { stream.hasMore }
  var wantsToWrite: Bool { stream.wantsToWrite }
  var renegotiations: UInt64 { stream.renegotiations }
  var isDraining: Bool { if case .draining = phase { true } else { false } }
  var partialBytes: Int { partial.count }

  func isOverdue(at now: MonotonicTime) -> Bool {
    switch phase {
    case .handshaking(let until), .draining(let until): now >= until
    case .sniffing, .lines, .skippingLine: false
    }
  }

  var figures: SenderFigures {
    var figures = SenderFigures(peer)
    figures.connections = 1
    figures.bytes = UInt64(receivedBytes)
    (figures.taken, figures.refused) = (unit.accepted, unit.refused)
    return figures
  }

  func becameReady() {
    if isHandshaking, !shakeHands() { return }
    let (input, reads) = (input, input.reads)
    if input.loop.isDivided { isDivided = true }
    ProcessorCache.prefetch(partialAddress, lines: 1)
    for _ in 0..<Self.readsPerTurnMax {
      guard isDraining || desk.hasRoom && desk.budget.mayGoOn(self) else {
        return input.park(self)
      }
      let room = unsafe reads.room
      switch unsafe stream.receive(into: room) {
      case .bytes(let count):
        lastActivity = input.loop.turnBegan
        receivedBytes += count
        desk.counters.tcpBytes &+= UInt64(count)
        add(count, to: reads)
        if reads.isFull { input.takeReads() }
        if count < room.count, !stream.hasMore, !isDivided { return }
      case .nothing:
        if !stream.hasMore { return }
      case .end:
        // What stands before it may have to be answered.
        input.takeReads()
        stream.finishSending()
        return input.close(self)
      case .failed:
        if let fault = stream.fault { input.didBreak(self, fault) }
        return input.close(self)
      }
    }
    if isEdge || stream.hasMore { input.goOnLater(self) }
  }

  /// Sends what the socket takes at once.
  func sendAtOnce(_ bytes: [UInt8]) { stream.sendAtOnce(bytes) }

  /// The sender sees the end of our side; reading goes on.
  func finishSending() { stream.finishSending() }

  /// It did not get through with TLS: from now on it is only listened to, so that it can read why.
  func endHandshake(_ failure: TlsFailure) {
    stream.giveUpTls()
    phase = .draining(until: input.turnAway(self, for: failure))
  }

  /// Goes on with the handshake; true once it is over.
  private func shakeHands() -> Bool {
    lastActivity = desk.clock.now()
    switch stream.shakeHands() {
    case .unfinished: return false
    case .done:
      phase = .sniffing
      input.didShakeHands(self)
      return true
    case .failed(let failure):
      endHandshake(failure)
      return false
    }
  }

  /// What the sender left without a newline is a line too.
  func takeLastLine() {
    if !partial.isEmpty, !isDraining { takePartial() }
    desk.budget.set(0, for: self)
  }

  /// The sender held the spent budget without going on: its line can not be kept any longer.
  func refusePartial(because message: String) {
    unit.countSkipped()
    _ = unsafe desk.refuse(
      .tooLong, frame: unit.frameCount + unit.skipped, message: message, start: partial.bytes,
      source: unit.source)
    forgetPartial()
  }

  /// So many bytes were read into the room there is.
  private func add(_ count: Int, to reads: GatheredReads) {
    if phase == .lines, partial.isEmpty, readsUntaken == 0,
      unsafe reads.room[count - 1] == Self.newline
    {
      reads.add(wholeLines: count, of: unit)
    } else {
      readsUntaken += 1
      reads.add(count, of: self)
    }
  }

  /// What was read of it.
  func consume(_ bytes: UnsafeRawBufferPointer) {
    readsUntaken -= 1
    switch phase {
    case .sniffing: unsafe sniff(bytes)
    case .lines, .skippingLine: unsafe takeLines(bytes)
    case .handshaking, .draining: break
    }
  }

  private func sniff(_ bytes: UnsafeRawBufferPointer) {
    unsafe firstBytes.append(
      contentsOf: bytes.prefix(ProtocolSniffer.bytesMax - firstBytes.count))
    switch ProtocolSniffer.judge(firstBytes) {
    case .undecided:
      unsafe partial.append(bytes)
    case .jsonLines:
      phase = .lines
      unsafe takeLines(bytes)
    case .other(let stranger):
      forgetPartial()
      phase = .draining(until: input.turnAway(self, speaking: stranger))
    }
  }

  private func takeLines(_ bytes: UnsafeRawBufferPointer) {
    var rest = unsafe bytes
    let hadPartial = !partial.isEmpty
    if phase == .skippingLine {
      guard let end = unsafe ByteScan.first(Self.newline, in: rest) else { return }
      phase = .lines
      unsafe rest = UnsafeRawBufferPointer(rebasing: rest[(end + 1)...])
    }
    if !partial.isEmpty, let end = unsafe ByteScan.first(Self.newline, in: rest) {
      let lineEnd = unsafe UnsafeRawBufferPointer(rebasing: rest[..<end])
      if unsafe keep(lineEnd) { takePartial() } else { phase = .lines }
      unsafe rest = UnsafeRawBufferPointer(rebasing: rest[(end + 1)...])
    }
    if let last = unsafe ByteScan.last(Self.newline, in: rest) {
      unsafe take(UnsafeRawBufferPointer(rebasing: rest[...last]))
      unsafe rest = UnsafeRawBufferPointer(rebasing: rest[(last + 1)...])
    }
    _ = unsafe keep(rest)
    if hadPartial || !partial.isEmpty { desk.budget.set(partial.count, for: self) }
  }

  /// Adds to the partial line; false when that makes it too long: it is refused, once, and its rest skipped.
  private func keep(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard partial.count + bytes.count > desk.lineBytesMax else {
      unsafe partial.append(bytes)
      return true
    }
    let sizeBytes = partial.count + bytes.count
    if partial.isEmpty {
      unsafe partial.append(UnsafeRawBufferPointer(rebasing: bytes.prefix(256)))
    }
    refusePartial(
      because: """
        The line has \(sizeBytes) bytes and no end yet; the limit is \(desk.lineBytesMax) \
        (inputs.tcp.line_max). Its rest is skipped, the lines after it are taken.
        """)
    phase = .skippingLine
    return false
  }

  private func takePartial() {
    unsafe take(partial.bytes)
    forgetPartial()
  }

  private func take(_ lines: UnsafeRawBufferPointer) {
    var pieces = unsafe [FramePiece(lines, of: unit)]
    desk.take(&pieces)
  }

  private func forgetPartial() {
    partial.removeAll()
    desk.budget.set(0, for: self)
  }
}

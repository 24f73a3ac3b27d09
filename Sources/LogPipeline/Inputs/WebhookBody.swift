/// One request's body on its way: inflated and cut as it comes, so that no more than a piece and a frame are held.
final class WebhookBody {
  private(set) var acceptedCount: UInt64 = 0
  private(set) var refusedCount: UInt64 = 0
  /// The first of them.
  private(set) var refusals: [Refusal] = []
  private(set) var wireBytes = 0
  /// The ticket whose durability covers all that was accepted.
  private(set) var ticket: UInt64 = 0
  /// Why nothing more of this body is taken.
  private(set) var fault: WebhookAnswer?

  private let configuration: WebhookConfiguration
  private let desk: IntakeDesk
  private let head: WebhookHead
  private let peer: String
  private var source: SourceContext
  private var unit: FrameUnit
  private let inflater: BodyInflater?
  /// Set for a body of spans: it is kept whole, and cut by its own protocol.
  private let spans: SpanFrames?
  private var promisedBytes = 0
  /// Set for a signed body: nothing of it is taken before its end has shown the signature to be right.
  let signature: WebhookSignature?
  /// The signed body as it came, and how much of it was taken in since.
  private let kept = IntakeBuffer()
  private var fedBytes = 0
  /// Wire bytes that were taken in: of a signed body none before its signature was found right.
  private var takenBytes = 0
  private let wireBytesMax: Int
  private var inflatedBytes = 0
  private var cutter: BodyCutter
  private let buffer = IntakeBuffer()
  private var frameCount: UInt64 = 0
  private static let ratioFreeBytes = 1 << 20
  /// Of gzip, for what spans will need.
  private static let usualRatio = 12

  init(
    _ head: WebhookHead, pass: WebhookPass, peer: String, configuration: WebhookConfiguration,
    desk: IntakeDesk
  ) {
    self.configuration = configuration
    self.desk = desk
    (self.head, self.peer) = (head, peer)
    var key: WebhookKey?
    if case .key(let held) = pass { key = held.key }
    source = head.source(peer: peer, key: key)
    unit = desk.makeUnit(source: source, isBody: true)
    cutter = BodyCutter(frameBytesMax: desk.lineBytesMax)
    inflater = head.isGzip ? BodyInflater() : nil
    spans = head.traces.map { SpanFrames($0, spanBytesMax: desk.lineBytesMax) }
    if case .signed(let signature) = pass {
      self.signature = signature
      wireBytesMax = min(configuration.signedBytesMax, configuration.wireBytesMax)
      desk.budget.promise(min(head.contentLength ?? wireBytesMax, wireBytesMax), to: self)
    } else {
      signature = nil
      wireBytesMax = configuration.wireBytesMax
    }
    promiseSpans()
    if head.isGzip, inflater == nil {
      fault = .unavailable("There is no memory to inflate with.", .memory)
    }
  }

  var isGzip: Bool { inflater != nil }

  /// Bytes that wait for the end of their frame.
  var partialBytes: Int { buffer.count }

  /// Takes the next wire bytes; look at `fault` afterwards.
  func push(_ bytes: UnsafeRawBufferPointer, through scratch: UnsafeMutableRawBufferPointer) {
    guard fault == nil else { return }
    wireBytes += bytes.count
    if wireBytes > wireBytesMax {
      return fail(
        signature == nil
          ? .tooLarge(limitBytes: wireBytesMax, what: "The body", .bodyMax)
          : .signedTooLarge(limitBytes: wireBytesMax))
    }
    guard let signature else { return unsafe takeIn(bytes, through: scratch) }
    unsafe kept.append(bytes)
    unsafe signature.update(bytes)
    charge()
  }

  /// The signed body as it came, whole.
  var keptBytes: UnsafeRawBufferPointer { unsafe kept.bytes }

  /// Its signature was found right, and made with this key.
  func didProve(_ key: WebhookKey) {
    source = head.source(peer: peer, key: key)
    unit = desk.makeUnit(source: source, isBody: true)
  }

  /// Whether kept bytes or spans are left to take in.
  var hasMoreToFeed: Bool {
    fault == nil && (fedBytes < kept.count || spans?.isEnded == false)
  }

  /// Whether the body is whole and its spans are taken.
  var isTakingSpans: Bool { spans != nil && fedBytes == kept.count }

  /// Takes the next kept bytes or spans in; look at `fault` afterwards.
  func feed(_ countMax: Int, through scratch: UnsafeMutableRawBufferPointer) {
    if let spans, isTakingSpans { return takeSpans(spans) }
    let start = fedBytes
    fedBytes = min(kept.count, start + countMax)
    unsafe takeIn(
      UnsafeRawBufferPointer(rebasing: kept.bytes[start..<fedBytes]), through: scratch)
  }

  private func takeIn(
    _ bytes: UnsafeRawBufferPointer, through scratch: UnsafeMutableRawBufferPointer
  ) {
    takenBytes += bytes.count
    guard let inflater else { return unsafe take(bytes) }
    let broken = unsafe inflater.inflate(bytes, through: scratch) { inflated in
      inflatedBytes += inflated.count
      if let tooMuch = inflateFault() {
        fail(tooMuch)
      } else {
        unsafe take(inflated)
      }
      return fault == nil
    }
    if let broken {
      fail(
        WebhookAnswer(
          400,
          "The gzip body is broken after \(takenBytes) bytes (\(broken)); what came before was taken.",
          .gzip))
    }
  }

  /// The body is over.
  func finish() {
    guard fault == nil else { return }
    if let cutShort { return fail(cutShort) }
    if spans != nil { return drop() }
    cut(isLast: true)
    if fault == nil, cutter.isEmpty {
      fault = WebhookAnswer(400, "The body is empty. Send an object, an array, or NDJSON.", .empty)
    }
    drop()
  }

  /// What is whole so far is taken; the frame that was cut is not.
  private var cutShort: WebhookAnswer? {
    guard let inflater, !inflater.isAtEnd, wireBytes > 0 else { return nil }
    return WebhookAnswer(
      400, "The gzip body is cut short after \(takenBytes) bytes; what came before was taken.",
      .gzip)
  }

  /// The answer this body has earned, once it is over and durable.
  var verdict: WebhookAnswer {
    if let fault { return fault }
    if acceptedCount > 0 || refusedCount == 0 || spans != nil { return WebhookAnswer(200, nil) }
    return WebhookAnswer(400, "Nothing of the body could be taken.", .nothingTaken)
  }

  /// Nothing more of it is needed but its counts.
  func drop() {
    buffer.release()
    kept.release()
    unit.forgetFrames()
    desk.budget.set(0, for: self)
  }

  private func take(_ bytes: UnsafeRawBufferPointer) {
    unsafe buffer.append(bytes)
    if spans == nil {
      cut(isLast: false)
    } else if buffer.count > configuration.tracesBytesMax {
      return fail(
        .tooLarge(
          limitBytes: configuration.tracesBytesMax,
          what: "The body, which is kept whole until its spans are taken,", .tracesMax))
    }
    charge()
    promiseSpans()
  }

  private func charge() {
    desk.budget.set(kept.count + buffer.count + unit.memoryBytes, for: self)
  }

  /// How long a gzip body will be is not known before: a guess first, then all it may have.
  private func promiseSpans() {
    guard spans != nil, fault == nil else { return }
    let most = configuration.tracesBytesMax
    let wire = min(head.contentLength ?? most, most)
    let guess = min(most, head.isGzip ? wire * Self.usualRatio : wire)
    let wanted = kept.count + buffer.count > guess ? most : guess
    guard wanted > promisedBytes else { return }
    promisedBytes = wanted
    desk.budget.promise(wanted, to: self)
  }

  /// The body is whole: its next spans, as many as one turn takes.
  private func takeSpans(_ spans: SpanFrames) {
    if let cutShort { return fail(cutShort) }
    let before = spans.passedOver
    let broken = unsafe spans.goOn(in: buffer.bytes) { frame in
      switch frame {
      case .call(let bytes): unsafe takeFrame(bytes)
      case .refused(let reason, let range, let message):
        // The shape of what is no JSON can not be told from its words.
        let isShown = spans.encoding == .json
        refuse(reason, isShown ? range : range.lowerBound..<range.lowerBound, message)
      }
    }
    desk.counters.spansPassedOver &+= spans.passedOver - before
    charge()
    if let broken {
      fail(
        WebhookAnswer(
          400,
          "The body is no OTLP: at byte \(broken.place) of it, \(broken.what). The spans before were taken, nothing after.",
          .traces))
    }
  }

  private func fail(_ answer: WebhookAnswer) {
    fault = answer
    if cutter.isWithinFrame {
      frameCount += 1
      note(
        unsafe desk.refuse(
          .notJson, frame: frameCount, message: "The body ended within this frame.",
          start: buffer.bytes, source: source))
    }
    drop()
  }

  private func inflateFault() -> WebhookAnswer? {
    if inflatedBytes > configuration.inflatedBytesMax {
      return .tooLarge(
        limitBytes: configuration.inflatedBytesMax, what: "The inflated body", .inflatedMax)
    }
    if inflatedBytes > Self.ratioFreeBytes,
      inflatedBytes / max(1, takenBytes) >= configuration.inflateRatioMax
    {
      return WebhookAnswer(
        413,
        "The gzip body inflates to more than \(configuration.inflateRatioMax) times its size; that is over the limit.",
        .ratioMax)
    }
    return nil
  }

  private func cut(isLast: Bool) {
    while true {
      switch unsafe cutter.next(in: buffer.bytes, isLast: isLast) {
      case .frame(let range):
        unsafe takeFrame(UnsafeRawBufferPointer(rebasing: buffer.bytes[range]))
      case .tooLong(let range):
        refuse(
          .tooLong, range,
          """
          The frame has at least \(range.count) bytes; the limit is \(desk.lineBytesMax) \
          (inputs.tcp.line_max). The frames beside it are taken.
          """)
      case .more(let keepFrom):
        buffer.removeFirst(keepFrom)
        cutter.didDrop(keepFrom)
        return
      case .broken(let why):
        refuse(.notJson, buffer.count..<buffer.count, "The array is broken: \(why).")
        fault = WebhookAnswer(
          400, "The array is broken: \(why). The elements before were taken, nothing after.",
          .array)
        return
      case .ended:
        return
      }
    }
  }

  private func takeFrame(_ bytes: UnsafeRawBufferPointer) {
    frameCount += 1
    let refusal = unsafe desk.take(
      frame: bytes, number: frameCount, unit: unit, source: source)
    if let refusal {
      note(refusal)
    } else {
      acceptedCount += 1
      ticket = desk.newestTicket
    }
  }

  private func refuse(_ reason: Refusal.Reason, _ range: Range<Int>, _ message: String) {
    frameCount += 1
    note(
      unsafe desk.refuse(
        reason, frame: frameCount, message: message,
        start: UnsafeRawBufferPointer(rebasing: buffer.bytes[range]), source: source))
  }

  private func note(_ refusal: Refusal) {
    refusedCount += 1
    if refusals.count < WebhookAnswer.refusalsListedMax { refusals.append(refusal) }
  }
}

import CSimdjson

/// What people wrote: fingerprinted, left out, or kept, as `privacy.content` says.
extension DocumentWriter {
  /// The fingerprint over all content strings, in order, and the id of the key that fingerprints were made with.
  mutating func fingerprints(_ fields: inout FrameFields, isUserHashed: Bool) {
    let content = unsafe fields.content
    let isHashed = content.count > 0 && meaning.content != .drop
    guard isHashed || isUserHashed else { return }
    if isHashed {
      unsafe hasher.update(content)
      sink.literal(",\"content_hmac\":\"")
      unsafe hasher.finishText(to: sink.room(for: ContentHasher.textBytes))
      sink.byte(UInt8(ascii: "\""))
    }
    sink.literal(",\"content_hmac_key_id\":\"")
    sink.raw(keyId)
    sink.byte(UInt8(ascii: "\""))
  }

  /// All content strings in order, each scrubbed as error messages are.
  mutating func keptContent(_ fields: inout FrameFields) {
    let content = unsafe fields.content
    guard content.count > 0 else { return }
    sink.literal(",\"content\":[")
    var at = 0
    while at < content.count {
      let length = unsafe Int(content.loadUnaligned(fromByteOffset: at, as: UInt32.self))
      let start = at + 4
      if at > 0 { sink.byte(UInt8(ascii: ",")) }
      unsafe keptText(UnsafeRawBufferPointer(rebasing: content[start..<start + length]))
      at = start + length
    }
    sink.byte(UInt8(ascii: "]"))
  }

  /// Data URIs are pictures and sounds: what they are and how long, nothing of what they show.
  private mutating func keptText(_ text: UnsafeRawBufferPointer) {
    scratch.removeAll(keepingCapacity: true)
    if let type = unsafe DataUri.type(of: text) {
      scratch += Array("[data:".utf8) + type + Array(", \(text.count) bytes]".utf8)
    } else {
      counters.scrubbedMatches += UInt64(unsafe redactor.scrub(text, into: &scratch))
    }
    unsafe scratch.withUnsafeBytes { unsafe sink.string($0, isPlain: false) }
  }
}

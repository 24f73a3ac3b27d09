/// Who owns a ``WebSocketCodec``: told what came while bytes are taken apart. It must not give the codec up meanwhile.
protocol WebSocketReader: AnyObject {
  /// The first frame of a message.
  func messageBegan()
  /// A piece of the message's bytes.
  func messageCame(_ piece: UnsafeRawBufferPointer)
  /// All of the message has come.
  func messageEnded()
  /// The client says farewell; its answer is not written yet.
  func closeBegan()
}

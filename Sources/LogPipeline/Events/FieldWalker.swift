import CSimdjson

/// Reads frames into flat tables of fields, by the path table. One per intake thread.
@safe struct FieldWalker: ~Copyable {
  private let walker: OpaquePointer
  /// What became of the frame read last.
  private(set) var frame = cjson_frame()

  init(depthMax: Int, keysMax: Int, lineBytesMax: Int, readsClosely: Bool) {
    let made = unsafe cjson_walker_new(depthMax, keysMax, lineBytesMax)
    guard let made = unsafe made else { fatalError("no memory for a JSON parser") }
    unsafe walker = made
    if readsClosely { unsafe cjson_walker_read_closely(made) }
    unsafe PathTree(FieldTable.rows).register(in: made, rows: FieldTable.rows)
  }

  deinit { unsafe cjson_walker_free(walker) }

  /// Reads the next non-blank line from `at` on and moves `at` behind it; false at the end of `bytes`.
  /// 64 bytes behind `bytes` must be readable.
  mutating func readLine(_ bytes: UnsafeRawBufferPointer, at offset: inout Int) -> Bool {
    guard let start = bytes.baseAddress else { return false }
    return unsafe cjson_walker_next_line(
      walker, start.assumingMemoryBound(to: UInt8.self), bytes.count, &offset, &frame) != 0
  }

  /// Reads all of `bytes` as one frame; false when it is blank. The same room behind it.
  mutating func readFrame(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let start = bytes.baseAddress else { return false }
    return unsafe cjson_walker_read(
      walker, start.assumingMemoryBound(to: UInt8.self), bytes.count, &frame) != 0
  }

  /// Nothing more is read for now: the memory of large frames is given back, and `fields` is not valid any more.
  func rest() { unsafe cjson_walker_rest(walker) }

  /// The fields of the frame read last, until the next one is read.
  @inline(__always) var fields: FrameFields { unsafe FrameFields(walker: walker, frame: frame) }
}

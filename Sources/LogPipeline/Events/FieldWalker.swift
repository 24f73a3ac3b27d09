import CSimdjson

/// Reads frames into flat tables of fields, by the path table. One per intake thread.
///
/// Several lines are read at once: reading them and making documents of them are two programs, of which each alone fits
/// into the processor's cache for instructions.
@safe struct FieldWalker: ~Copyable {
  private let walker: OpaquePointer
  private let frames: UnsafeMutablePointer<cjson_frame>
  /// Of the frames read last.
  private var group = cjson_group()
  /// Of the frames read last, the one that is looked at.
  private var current = 0

  init(depthMax: Int, keysMax: Int, lineBytesMax: Int, readsClosely: Bool) {
    let made = unsafe cjson_walker_new(depthMax, keysMax, lineBytesMax)
    guard let made = unsafe made else { fatalError("no memory for a JSON parser") }
    unsafe walker = made
    unsafe frames = .allocate(capacity: Int(cjson_frames_max))
    unsafe frames.initialize(repeating: cjson_frame(), count: Int(cjson_frames_max))
    if readsClosely { unsafe cjson_walker_read_closely(made) }
    unsafe PathTree(FieldTable.rows).register(in: made, rows: FieldTable.rows)
  }

  deinit {
    unsafe cjson_walker_free(walker)
    unsafe frames.deallocate()
  }

  /// What became of the frame that is looked at.
  @inline(__always) var frame: cjson_frame { unsafe frames[current] }

  /// The frames read last are done with: others are read together.
  mutating func beginGroup() {
    group = cjson_group()
    current = 0
  }

  /// The group takes no more frames.
  var isGroupFull: Bool { group.is_closed != 0 || group.count >= Int(cjson_frames_max) }
  /// The frames of the group.
  var groupCount: Int { Int(group.count) }
  /// Behind the last frame of the bytes that were read last, if they were read to their end.
  var blankLinesBehind: Int { Int(group.blank_lines) }

  /// Reads the next non-blank lines from `at` on into the group and moves `at` behind them; how many.
  /// 64 bytes behind `bytes` must be readable.
  @discardableResult
  mutating func readLines(
    _ bytes: UnsafeRawBufferPointer, at offset: inout Int, max: Int = Int(cjson_frames_max)
  ) -> Int {
    group.blank_lines = 0
    guard let start = bytes.baseAddress else { return 0 }
    return unsafe cjson_walker_add_lines(
      walker, &group, start.assumingMemoryBound(to: UInt8.self), bytes.count, &offset, frames, max)
  }

  /// From now on `frame` and `fields` are those of one of the frames read last, from 0.
  mutating func look(at index: Int) { current = index }

  /// Reads all of `bytes` as one frame; false when it is blank. The same room behind it.
  mutating func readFrame(_ bytes: UnsafeRawBufferPointer) -> Bool {
    current = 0
    guard let start = bytes.baseAddress else { return false }
    return unsafe cjson_walker_read(
      walker, start.assumingMemoryBound(to: UInt8.self), bytes.count, frames) != 0
  }

  /// Nothing more is read for now: the memory of large frames is given back, and `fields` is not valid any more.
  func rest() { unsafe cjson_walker_rest(walker) }

  /// The fields of the frame that is looked at, until the next ones are read.
  @inline(__always) var fields: FrameFields {
    unsafe FrameFields(cjson_walker_tables(walker, current), frame: frames + current)
  }
}

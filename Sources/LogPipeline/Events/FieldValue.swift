import CSimdjson

/// A scalar in the walker's tables. Valid until the walker reads the next frame.
@safe struct FieldValue {
  private let value: UnsafePointer<cjson_value>

  init(_ value: UnsafePointer<cjson_value>) { unsafe self.value = value }

  /// The value of a leaf.
  init(_ leaf: UnsafePointer<cjson_leaf>) {
    // Its first member.
    unsafe value = UnsafeRawPointer(leaf).assumingMemoryBound(to: cjson_value.self)
  }

  var kind: UInt8 { unsafe value.pointee.kind }
  var flags: UInt8 { unsafe value.pointee.flags }
  var slot: UInt8 { unsafe value.pointee.slot }
  /// Of the path table.
  var row: Int { unsafe Int(value.pointee.row) }
  var textOffset: Int { unsafe Int(value.pointee.text_offset) }
  var textCount: Int { unsafe Int(value.pointee.text_length) }
  var integer: Int64 { unsafe value.pointee.integer }
  var number: Double { unsafe value.pointee.number }

  /// Of a leaf: a key on its path may be a secret.
  var isPathSuspect: Bool { flags & UInt8(cjson_flag_suspect_path) != 0 }
  var isContent: Bool { flags & UInt8(cjson_flag_content) != 0 }
  var isAuxiliary: Bool { flags & UInt8(cjson_flag_aux) != 0 }
  /// How it may be used as a name is not known yet.
  var isUnclassed: Bool { flags & UInt8(cjson_flag_unclassed) != 0 }

  /// A string that may stand in a document as it is: a name without escapes and without a sign of a secret.
  var isPlainName: Bool {
    let wanted = cjson_flag_plain | cjson_flag_identifier
    return kind == FrameFields.Kind.string
      && Int(flags) & (wanted | cjson_flag_suspect | cjson_flag_unclassed) == wanted
  }

  /// A plain name that is copied in whole words, see ``ByteSink/paddedString(_:_:)``.
  var isShortName: Bool { isPlainName && !isAuxiliary && textCount <= ByteSink.paddedBytesMax }
}

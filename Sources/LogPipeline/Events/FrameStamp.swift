/// What is known of a frame beside its fields when its document is written.
struct FrameStamp {
  let id: EventId
  /// The event's own time, or that of arrival.
  let time: EventTime
  let isArrivalTime: Bool
  /// Of the index: the arrival's when the own time is out of range.
  let day: Int32
  let isTimeClamped: Bool
  let isRepaired: Bool
}

extension IntakeSnapshot {
  /// What is shown of event streams.
  var streamMetrics: [Metric] {
    [
      .counter("stream_bytes", "Message bytes read from streams.", streamBytes),
      .gauge("streams", "Open event streams.", streamsOpen),
      .counter("streams_opened", "Event streams opened.", streamsTotal),
      .counter("stream_messages", "Messages read from streams.", streamMessages),
      .counter("stream_acks", "Acknowledgements sent to streams.", streamAcks),
      .counter(
        "streams_ended", "Streams that ended, by close code; lost: without one.", by: "code",
        streamCloses.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }),
      .counter(
        "streams_closed", "Streams closed by a limit, by which.", by: "limit",
        [
          ("body_rate", streamSlow), ("budget", streamStalled), ("ping", streamSilent),
          ("unread", streamUnread), ("sender", streamReplaced),
        ]),
    ]
  }
}

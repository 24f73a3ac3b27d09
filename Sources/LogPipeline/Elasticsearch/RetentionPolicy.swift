/// What deletes old indices: a policy of index lifecycle management (ILM) at Elasticsearch, of index state management
/// (ISM) at OpenSearch.
package struct RetentionPolicy: Equatable, Sendable {
  /// Its name at the server.
  package let name: String
  package let indexPattern: String
  package let priority: Int
  /// Its indices must be closed off before they can grow old: nobody else does it.
  package let isDataStream: Bool
  /// Counted from the making of an index; of a data stream from the moment the next index took over.
  package let age: Duration

  /// "90d": whole days where they are, as servers write it.
  package var ageText: String { Self.text(age) }

  /// How long one index of a data stream takes documents. Long, since ids are known within one index only.
  private var rollover: Duration {
    age >= .seconds(28 * 86_400) ? .seconds(7 * 86_400) : .seconds(86_400)
  }

  /// The body of `PUT /_ilm/policy/…`.
  package var lifecycleBody: JsonValue {
    let rolling = JsonValue.object([
      ("min_age", .string("0ms")),
      (
        "actions",
        .object([
          (
            "rollover",
            .object([
              ("max_age", .string(Self.text(rollover))),
              ("max_primary_shard_size", .string("50gb")),
            ])
          )
        ])
      ),
    ])
    let deleting = JsonValue.object([
      ("min_age", .string(ageText)), ("actions", .object([("delete", .object([]))])),
    ])
    return .object([
      (
        "policy",
        .object([
          ("phases", .object((isDataStream ? [("hot", rolling)] : []) + [("delete", deleting)]))
        ])
      )
    ])
  }

  /// The body of `PUT /_plugins/_ism/policies/…`.
  package var stateBody: JsonValue {
    // OpenSearch counts from the making of an index: the youngest event in it is as much younger as it took documents.
    let oldest = isDataStream ? age + rollover : age
    let rolling = JsonValue.object([
      (
        "rollover",
        .object([("min_index_age", .string(Self.text(rollover))), ("min_size", .string("50gb"))])
      )
    ])
    let leaving = JsonValue.object([
      ("state_name", .string("deleted")),
      ("conditions", .object([("min_index_age", .string(Self.text(oldest)))])),
    ])
    let states: [JsonValue] = [
      .object([
        ("name", .string("kept")), ("actions", .array(isDataStream ? [rolling] : [])),
        ("transitions", .array([leaving])),
      ]),
      .object([
        ("name", .string("deleted")),
        ("actions", .array([.object([("delete", .object([]))])])), ("transitions", .array([])),
      ]),
    ]
    let template = JsonValue.object([
      ("index_patterns", .array([.string(indexPattern)])),
      ("priority", .integer(Int64(priority))),
    ])
    return .object([
      (
        "policy",
        .object([
          ("description", .string("sheepshipper: deletes an index after \(ageText)")),
          ("default_state", .string("kept")), ("states", .array(states)),
          ("ism_template", .array([template])),
        ])
      )
    ])
  }

  private static func text(_ duration: Duration) -> String {
    let seconds = duration.milliseconds / 1000
    for (unit, length) in [("d", Int64(86_400)), ("h", 3600), ("m", 60)] where seconds % length == 0
    {
      return "\(seconds / length)\(unit)"
    }
    return "\(seconds)s"
  }
}

import LogPipeline

/// Costs worked out a second time: from the table's JSON by the rules in its own words, in 128-bit integers of 1e-15 USD,
/// with none of the program's types, readers or arithmetic but the JSON tree.
struct PriceOracle {
  struct Call {
    var prompt: Int128
    var completion: Int128
    var cached: Int128 = 0
    var write5m: Int128 = 0
    var write1h: Int128 = 0
    var reasoning: Int128 = 0
  }

  /// In micro-dollars per million tokens.
  struct Rates: Equatable {
    var input: Int128
    var output: Int128
    var cached: Int128
    var write5m: Int128
    var write1h: Int128
    var reasoning: Int128
  }

  let table: JsonValue
  private let direct: [String: JsonValue]
  private let relay: [String: JsonValue]

  init(_ json: [UInt8]) throws {
    table = try JsonValue.parse(json)
    direct = Self.models(table, "direct")
    relay = Self.models(table, "holysheep")
  }

  func models(_ book: String) -> [JsonValue] { table["books"]?[book]?["models"]?.elements ?? [] }

  private static func models(_ table: JsonValue, _ book: String) -> [String: JsonValue] {
    Dictionary(
      uniqueKeysWithValues: (table["books"]?[book]?["models"]?.elements ?? []).map {
        ($0["model"]?.string ?? "", $0)
      })
  }

  /// What a call costs in 1e-15 USD; nil: no price at that moment.
  func cost(
    _ book: String, _ model: String, _ call: Call, atMilliseconds at: Int64,
    tier: String? = nil, region: String? = nil, basis: String = "split"
  ) -> Int128? {
    let model = canonical(book, model)
    let row = book == "holysheep" ? relay[model] ?? direct[model] : direct[model]
    guard let period = row.flatMap({ Self.period($0, at) }),
      let rates = rates(book, model, at, call.prompt, tier)
    else { return nil }
    // An entry of the history holds what it lists, so neither today's tiers nor today's regions.
    let listed = region.flatMap { period["region_multiplier"]?[$0] }
    let factor = Self.micro(listed).map { $0 / 1000 } ?? 1000
    let thought = min(call.reasoning, call.completion)
    let output = (call.completion - thought) * rates.output + thought * rates.reasoning
    switch basis {
    case "total": return (call.prompt + call.completion) * rates.output * factor
    case "output": return output * factor
    default:
      let rest = max(0, call.prompt - call.cached - call.write5m - call.write1h)
      let input = rest * rates.input + call.cached * rates.cached
      return (input + call.write5m * rates.write5m + call.write1h * rates.write1h + output) * factor
    }
  }

  /// What a listed name means: the relay calls other models by some of the providers' names.
  private func canonical(_ book: String, _ model: String) -> String {
    guard book == "holysheep" else { return model }
    return table["books"]?[book]?["aliases"]?[model]?.string ?? model
  }

  /// The rates of a request of that size at that moment.
  func rates(
    _ book: String, _ model: String, _ at: Int64, _ prompt: Int128, _ tier: String?
  ) -> Rates? {
    let model = canonical(book, model)
    let isRelayRow = book == "holysheep" && relay[model] != nil
    guard let row = isRelayRow ? relay[model] : direct[model], let own = Self.period(row, at) else {
      return nil
    }
    let other = isRelayRow ? direct[model].flatMap { Self.period($0, at) } : nil
    let ownTiers = own["tiers"]?.elements ?? []
    let tiers = ownTiers.isEmpty ? other?["tiers"]?.elements ?? [] : ownTiers
    if let over = tiers.filter({ Self.isOver($0, prompt) }).max(by: {
      ($0["threshold"]?.integer ?? 0) < ($1["threshold"]?.integer ?? 0)
    }) {
      if let tier, let listed = over["service_tiers"]?[tier] {
        return Self.service(listed, within: over)
      }
      return Self.standard(over, nil)
    }
    let hasOwnServices = own["service_tiers"]?.members?.isEmpty == false
    let servicesOf = hasOwnServices ? own : other ?? own
    if let tier, let listed = servicesOf["service_tiers"]?[tier] {
      return Self.service(listed, within: servicesOf)
    }
    if let cheaper = own["off_peak"], Self.isWithin(cheaper, at) {
      return Self.standard(cheaper, nil)
    }
    return Self.standard(own, other)
  }

  /// "bill at input_per_mtok" where nothing is published, here or in the other book.
  private static func standard(_ own: JsonValue, _ other: JsonValue?) -> Rates? {
    func rate(_ key: String) -> Int128? { micro(own[key]) ?? other.flatMap { micro($0[key]) } }
    guard let input = rate("input_per_mtok"), let output = rate("output_per_mtok") else {
      return nil
    }
    let write = rate("cache_write_per_mtok") ?? input
    return Rates(
      input: input, output: output, cached: rate("cached_input_per_mtok") ?? input, write5m: write,
      write1h: rate("cache_write_1h_per_mtok") ?? write,
      reasoning: rate("reasoning_per_mtok") ?? output)
  }

  /// What a service tier does not list follows from its own input; an hour's write keeps its ratio to the input.
  private static func service(_ listed: JsonValue, within outer: JsonValue) -> Rates? {
    guard let outerInput = micro(outer["input_per_mtok"]),
      let outerOutput = micro(outer["output_per_mtok"])
    else { return nil }
    let input = micro(listed["input_per_mtok"]) ?? outerInput
    let output = micro(listed["output_per_mtok"]) ?? outerOutput
    let write = micro(listed["cache_write_per_mtok"]) ?? input
    var hour = micro(listed["cache_write_1h_per_mtok"])
    if hour == nil, let outerHour = micro(outer["cache_write_1h_per_mtok"]), outerInput > 0,
      (outerHour * input) % outerInput == 0
    {
      hour = outerHour * input / outerInput
    }
    return Rates(
      input: input, output: output, cached: micro(listed["cached_input_per_mtok"]) ?? input,
      write5m: write, write1h: hour ?? write,
      reasoning: micro(listed["reasoning_per_mtok"]) ?? output)
  }

  private static func isOver(_ tier: JsonValue, _ prompt: Int128) -> Bool {
    let threshold = Int128(tier["threshold"]?.integer ?? .max)
    return tier["op"]?.string == ">=" ? prompt >= threshold : prompt > threshold
  }

  private static func period(_ row: JsonValue, _ at: Int64) -> JsonValue? {
    if at >= milliseconds(row["effective_from"]) ?? .min { return row }
    return row["history"]?.elements?.first {
      at >= milliseconds($0["effective_from"]) ?? .min
        && at < milliseconds($0["effective_to"]) ?? .min
    }
  }

  private static func isWithin(_ offPeak: JsonValue, _ at: Int64) -> Bool {
    let hour = at / 3_600_000
    // 1970-01-05 was a Monday: day 4.
    let isoWeekday = (hour / 24 + 3) % 7 + 1
    return (offPeak["windows_utc"]?.elements ?? []).contains { window in
      (window["iso_weekdays"]?.elements ?? []).contains { $0.integer == isoWeekday }
        && (window["hours"]?.elements ?? []).contains { span in
          let ends = (span.string ?? "").split(separator: "-").map { Int64($0.prefix(2)) ?? -1 }
          return ends[0] <= hour % 24 && hour % 24 < (ends[1] == 0 ? 24 : ends[1])
        }
    }
  }

  /// Midnight of "2026-08-21" in milliseconds since 1970, counted year by year.
  static func milliseconds(_ date: JsonValue?) -> Int64? {
    guard let text = date?.string else { return nil }
    let parts = text.split(separator: "-").compactMap { Int64($0) }
    func isLeap(_ year: Int64) -> Bool {
      year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }
    var days: Int64 = (1970..<parts[0]).reduce(0) { $0 + (isLeap($1) ? 366 : 365) }
    let months: [Int64] = [31, isLeap(parts[0]) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    days += months[..<Int(parts[1] - 1)].reduce(0, +) + parts[2] - 1
    return days * 86_400_000
  }

  /// A price in micro-dollars, from the digits of its shortest decimal text.
  static func micro(_ value: JsonValue?) -> Int128? {
    guard let value else { return nil }
    let text: String
    switch value {
    case .integer(let whole): text = "\(whole)"
    case .number(let number): text = "\(number)"
    default: return nil
    }
    return scaled(text, by: 6)
  }

  /// The decimal text times 10^`power`; nil when it is no number, or not whole then.
  static func scaled(_ text: String, by power: Int) -> Int128? {
    let halves = text.split(separator: "e", maxSplits: 1)
    let parts = halves[0].split(separator: ".", omittingEmptySubsequences: false)
    let fraction = parts.count > 1 ? String(parts[1]) : ""
    guard var value = Int128(String(parts[0]) + fraction) else { return nil }
    var shift = power - fraction.count + (halves.count > 1 ? Int(halves[1]) ?? 0 : 0)
    while shift > 0 { (value, shift) = (value * 10, shift - 1) }
    while shift < 0 {
      guard value % 10 == 0 else { return nil }
      (value, shift) = (value / 10, shift + 1)
    }
    return value
  }
}

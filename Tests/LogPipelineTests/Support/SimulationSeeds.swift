import LogPipeline

/// Seeds for simulated runs: a few that stay the same, many more when `SHEEPSHIPPER_SIMULATION_SEEDS` says how many.
enum SimulationSeeds {
  static func from(_ first: UInt64, count: Int) -> [UInt64] {
    let wanted = Environment.value(of: "SHEEPSHIPPER_SIMULATION_SEEDS").flatMap { Int($0) }
    return (0..<UInt64(wanted ?? count)).map { first + $0 }
  }
}
